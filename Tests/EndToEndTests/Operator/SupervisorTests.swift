import Foundation
import RoostTesting
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The real process under something that does to it what systemd does.
@Suite(.timeLimit(.minutes(15)))
struct SupervisorTests {
    private func write(_ port: Int, network: String = "Roost", in directory: URL) throws -> [String] {
        let file = directory.appendingPathComponent("roost.toml")
        let text = """
            [server]
            name = "irc.test.example"
            network = "\(network)"
            [listen]
            plain = ["127.0.0.1:\(port)"]
            tls = []
            http = []
            """
        try text.write(to: file, atomically: true, encoding: .utf8)
        return ["run", "--config", file.path, "--data", directory.appendingPathComponent("data").path]
    }

    private func register(_ client: TestIRCClient, _ nick: String) async throws {
        try await client.send("NICK \(nick)")
        try await client.send("USER \(nick) 0 * :\(nick)")
        _ = try await client.next(containing: " 001 \(nick) ")
    }

    /// Start, reload, restart in the same process, end and a new start, over one socket that refuses nobody meanwhile.
    @Test(arguments: [false, true])
    func aSocketOutlivesRestarts(abstract: Bool) async throws {
        try await withTestDirectory { directory in
            let supervisor = try FakeSupervisor(in: abstract ? nil : directory)
            let arguments = try write(supervisor.port, in: directory)
            // Whoever comes before the server does waits.
            let early = try await TestIRCClient.connect(port: supervisor.port)
            let process = try await supervisor.start(arguments, environment: ["WATCHDOG_USEC": "200000"])
            _ = await supervisor.notices.line(containing: "READY=1 STATUS=Serving irc.test.example")
            try await register(early, "early")
            let banner = try await process.line(containing: "/OPER owner ")
            _ = await supervisor.notices.line(containing: "WATCHDOG=1")
            #expect(supervisor.notices.text.components(separatedBy: "READY=1").count == 2)

            _ = try write(supervisor.port, network: "Other", in: directory)
            process.send(signal: SIGHUP)
            _ = await supervisor.notices.line(containing: "RELOADING=1 MONOTONIC_USEC=")
            try await early.next(containing: "NETWORK=Other")

            try await early.send("OPER owner \(banner.split(separator: " ").last ?? "")")
            _ = try await early.next(containing: " 381 ")
            try await early.send("RESTART irc.test.example")
            _ = await supervisor.notices.line(containing: "STATUS=Restarting")
            let middle = try await TestIRCClient.connect(port: supervisor.port)
            try await register(middle, "middle")
            #expect(process.exit == nil)

            await process.terminate()
            _ = await supervisor.notices.line(containing: "STOPPING=1 STATUS=Stopping")
            let late = try await TestIRCClient.connect(port: supervisor.port)
            let second = try await supervisor.start(arguments)
            try await register(late, "late")
            #expect(await second.terminate() == .status(0))
        }
    }

    @Test func otherSocketsAreErrors() async throws {
        try await withTestDirectory { directory in
            let supervisor = try FakeSupervisor(in: directory)
            let other = try await TestPorts.free()
            let unknown = try await supervisor.start(try write(other, in: directory))
            _ = try await unknown.line(containing: "systemd passes a socket for 127.0.0.1:\(supervisor.port) (test.socket) that no key")
            #expect(await unknown.waitForExit() == .status(78))
            let arguments = try write(supervisor.port, in: directory)
            let none = try await supervisor.start(arguments, environment: ["LISTEN_FDS": "2", "LISTEN_FDNAMES": "a:b"])
            _ = try await none.line(containing: "(b)")
            #expect(await none.waitForExit() == .status(78))
        }
    }
}
