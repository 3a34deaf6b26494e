import Foundation
import RoostTesting
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The executable, as a person or a script uses it.
@Suite struct CommandLineTests {
    private struct Outcome {
        var exit: TestProcess.Exit
        var output: String
        var errors: [String]
    }

    private func roost(_ arguments: String..., directory: URL? = nil) async throws -> Outcome {
        try await finish(TestProcess.startBuilt("roost", arguments, directory: directory))
    }

    private func finish(_ process: TestProcess) async throws -> Outcome {
        let exit = await process.waitForExit()
        // The streams may end a moment after the process.
        _ = await process.standardOutput.line(containing: "\u{0}")
        _ = await process.standardError.line(containing: "\u{0}")
        return Outcome(
            exit: exit, output: process.standardOutput.text, errors: process.standardError.text.split(separator: "\n").map(String.init))
    }

    @Test func versionIsOneLine() async throws {
        let outcome = try await roost("version")
        #expect(outcome.exit == .status(0))
        #expect(outcome.output.hasPrefix("roost 0."))
    }

    @Test(arguments: [
        [], ["run"], ["init"], ["check"], ["version"], ["account"], ["account", "add"], ["account", "export"], ["account", "erase"],
        ["admin"], ["admin", "service"], ["admin", "rotate-key"], ["admin", "backup"], ["backup"], ["restore"], ["upgrade"], ["token"],
        ["token", "add"], ["token", "list"], ["token", "revoke"], ["client-key"], ["client-key", "add"], ["client-key", "list"],
    ])
    func everyCommandHelpsWithExamples(_ command: [String]) async throws {
        let outcome = try await finish(TestProcess.startBuilt("roost", command + ["--help"]))
        #expect(outcome.exit == .status(0))
        #expect(outcome.output.contains("Example"))
    }

    @Test func anUnknownCommandIsAUsageError() async throws {
        #expect(try await roost("rnu").exit == .status(64))
    }

    @Test func initThenCheck() async throws {
        try await withTestDirectory { folder in
            let data = folder.path + "/data"
            let written = try await roost("init", "--domain", "irc.example.com", "--data", data)
            #expect(written.exit == .status(0))
            #expect(written.output.contains("Wrote \(data)/roost.toml"))
            let checked = try await roost("check", "--data", data)
            #expect(checked.exit == .status(0))
            #expect(checked.output == "\(data)/roost.toml: no mistakes\n")
            let again = try await roost("init", "--domain", "irc.example.com", "--data", data)
            #expect(again.exit == .status(78))
            #expect(again.errors.count == 1)
        }
    }

    @Test func checkAndRunReportEveryMistake() async throws {
        try await withTestDirectory { folder in
            try Data("[server]\nnaem = 1\n[limits]\nflood_rate = 0\n".utf8).write(to: folder.appendingPathComponent("bad.toml"))
            for command in ["check", "run"] {
                let outcome = try await roost(command, "--config", "bad.toml", "--data", "data", directory: folder)
                #expect(outcome.exit == .status(78))
                #expect(
                    outcome.errors == [
                        "roost: bad.toml:2:1: unknown key naem in [server]; did you mean name?",
                        "roost: bad.toml:4:14: limits.flood_rate: must be a whole number from 1 to 10000, not 0",
                    ])
            }
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/data"))
        }
    }

    @Test func runSaysInOneLineWhatIsInTheWay() async throws {
        try await withTestDirectory { folder in
            try Data("[listen]\nplain = [\"127.0.0.1:0\"]\ntls = [\"203.0.113.1:6697\"]\nhttp = []\n".utf8)
                .write(to: folder.appendingPathComponent("roost.toml"))
            let outcome = try await roost(
                "run", "--config", "roost.toml", "--data", "data", "--log-level", "critical", directory: folder)
            #expect(outcome.exit == .status(78))
            #expect(outcome.errors.count == 1)
            #expect(outcome.errors.first?.hasPrefix("roost: listen.tls: cannot listen on 203.0.113.1:6697: ") == true)
            #expect(outcome.output.isEmpty)
        }
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func runStopsCleanlyOnASignal(_ signal: Int32) async throws {
        try await withTestDirectory { folder in
            try Data(DaemonFixture.ports.utf8).write(to: folder.appendingPathComponent("roost.toml"))
            let process = try await TestProcess.startBuilt("roost", ["run", "--config", "roost.toml", "--data", "data"], directory: folder)
            try await withTestProcess(process) { process in
                _ = try await process.line(containing: "Listening for HTTP on 127.0.0.1:")
                _ = try await process.line(containing: "/OPER owner ")
                process.send(signal: signal)
                #expect(await process.waitForExit() == .status(0))
            }
        }
    }

    @Test func hangupReloads() async throws {
        try await withTestDirectory { folder in
            let file = folder.appendingPathComponent("roost.toml")
            try Data(DaemonFixture.ports.utf8).write(to: file)
            let process = try await TestProcess.startBuilt("roost", ["run", "--config", "roost.toml", "--data", "data"], directory: folder)
            try await withTestProcess(process) { process in
                _ = try await process.line(containing: "/OPER owner ")
                try Data((DaemonFixture.ports + "[server]\nnetwork = \"Other\"\n").utf8).write(to: file)
                process.send(signal: SIGHUP)
                #expect(try await process.line(containing: "Configuration reloaded").contains("server.network"))
                try Data("[server]\nnetwork = 1\n".utf8).write(to: file)
                process.send(signal: SIGHUP)
                _ = try await process.line(containing: "nothing has changed")
                #expect(await process.terminate() == .status(0))
            }
        }
    }

    @Test func accountsAreAddedFromStandardInput() async throws {
        try await withTestDirectory { folder in
            let roost = try #require(TestProcess.builtExecutable("roost"))
            let script = "printf 'secret\\n' | '\(roost.path)' account add alice --password-stdin --data '\(folder.path)/data'"
            let shell = URL(fileURLWithPath: "/bin/sh")
            let first = try await finish(TestProcess.start(shell, ["-c", script]))
            #expect(first.exit == .status(0))
            #expect(first.output == "Added account alice in \(folder.path)/data\n")
            let second = try await finish(TestProcess.start(shell, ["-c", script]))
            #expect(second.exit == .status(78))
            #expect(second.errors == ["roost: account name: there is an account alice already; choose another name"])
            let without = try await finish(TestProcess.start(roost, ["account", "add", "bob", "--data", folder.path + "/data"]))
            #expect(without.exit == .status(64))
        }
    }
}
