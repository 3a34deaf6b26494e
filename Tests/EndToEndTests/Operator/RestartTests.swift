import Foundation
import RoostTesting
import Testing

/// An operator ends the real process, or starts it anew.
@Suite(.timeLimit(.minutes(15)))
struct RestartTests {
    private func write(_ port: Int, in directory: URL) throws {
        let text = """
            [server]
            name = "irc.test.example"
            [listen]
            plain = ["127.0.0.1:\(port)"]
            tls = []
            http = []
            """
        try text.write(to: directory.appendingPathComponent("roost.toml"), atomically: true, encoding: .utf8)
    }

    private func connect(_ port: Int, _ nick: String, in channel: String) async throws -> TestIRCClient {
        let client = try await TestIRCClient.connect(port: port)
        try await client.send("NICK \(nick)")
        try await client.send("USER \(nick) 0 * :\(nick)")
        _ = try await client.next(containing: " 001 ")
        try await client.send("JOIN \(channel)")
        _ = try await client.next(containing: " 366 ")
        return client
    }

    /// The configuration says another port by then: the new start reads it.
    @Test func restartAndDie() async throws {
        try await withTestDirectory { directory in
            let (first, second) = (try await TestPorts.free(), try await TestPorts.free())
            try write(first, in: directory)
            let data = directory.appendingPathComponent("data").path
            let process = try await TestProcess.startBuilt(
                "roost", ["run", "--config", directory.appendingPathComponent("roost.toml").path, "--data", data], timeLimit: .seconds(200))
            let banner = try await process.line(containing: "/OPER owner ")
            let code = try #require(banner.split(separator: " ").last)
            _ = try await process.line(containing: "listener.bound address=127.0.0.1:\(first) kind=plain")
            let owner = try await connect(first, "owner", in: "#c")
            try await owner.send("OPER owner \(code)")
            let notice = try await owner.next(containing: "its password is ")
            let password = try #require(notice.split(separator: " ").last)
            try write(second, in: directory)
            try await owner.send("RESTART irc.test.example")
            _ = try await owner.next(containing: "ERROR :Closing link: 127.0.0.1 (Restarted by owner)")
            _ = try await process.line(containing: "listener.bound address=127.0.0.1:\(second) kind=plain")
            // The name of the new account is a nickname for its owner only.
            let again = try await connect(second, "again", in: "#c")
            try await again.send("OPER owner \(password)")
            _ = try await again.next(containing: " 381 ")
            try await again.send("DIE irc.test.example")
            _ = try await again.next(containing: "ERROR :Closing link: 127.0.0.1 (Stopped by again)")
            #expect(await process.waitForExit() == .status(0))
        }
    }
}
