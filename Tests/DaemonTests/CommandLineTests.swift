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
        ["admin"], ["admin", "service"], ["admin", "rotate-key"], ["admin", "backup"], ["backup"], ["restore"],
        ["upgrade"], ["token"], ["token", "add"], ["token", "list"], ["token", "revoke"], ["client-key"], ["client-key", "add"],
        ["client-key", "list"],
    ])
    func everyCommandHelpsWithExamples(_ command: [String]) async throws {
        let outcome = try await finish(TestProcess.startBuilt("roost", command + ["--help"]))
        #expect(outcome.exit == .status(0))
        #expect(outcome.output.contains("Example"))
    }

    @Test func theManualPagesAreUpToDate() async throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        try await withTestDirectory { folder in
            #expect(try await roost("write-docs", directory: folder).exit == .status(0))
            let names = ["roost.1", "roost-admin.8", "roost.toml.5"]
            let written = folder.appendingPathComponent("docs/man").path
            #expect(try Set(FileManager.default.contentsOfDirectory(atPath: written)) == Set(names))
            for name in names {
                let page = try String(contentsOfFile: written + "/" + name, encoding: .utf8)
                let kept = try String(contentsOf: root.appendingPathComponent("docs/man/\(name)"), encoding: .utf8)
                #expect(page == kept, "run `roost write-docs` in the checkout")
            }
        }
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

    @Test func checkTellsProgramsToo() async throws {
        try await withTestDirectory { folder in
            let text = "[server]\nmotd = \"nowhere.txt\"\n[limits]\nflood_rate = 0\n[listen]\nplain = [\"0.0.0.0:6667\"]\n"
            try Data(text.utf8).write(to: folder.appendingPathComponent("bad.toml"))
            let outcome = try await roost("check", "--json", "--config", "bad.toml", "--data", "data", directory: folder)
            #expect(outcome.exit == .status(78) && outcome.errors.isEmpty)
            struct Answer: Decodable {
                struct Problem: Decodable {
                    let file: String
                    let line: Int
                    let column: Int
                    let message: String
                }
                let problems: [Problem]
                let warnings: [String]
                let environment: [String: String]
            }
            let answer = try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8))
            #expect(
                answer.problems.map { "\($0.file) \($0.line) \($0.column) \($0.message.prefix { $0 != ":" })" } == [
                    "bad.toml 2 8 server.motd", "bad.toml 4 14 limits.flood_rate",
                ])
            #expect(answer.warnings.count == 1 && answer.environment.isEmpty)
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
                _ = try await process.line(containing: "listener.bound address=127.0.0.1:")
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
                #expect(try await process.line(containing: "settings.reloaded").contains("server.network"))
                try Data("[server]\nnetwork = 1\n".utf8).write(to: file)
                process.send(signal: SIGHUP)
                _ = try await process.line(containing: "settings.refused")
                #expect(await process.terminate() == .status(0))
            }
        }
    }

    @Test func theLogIsJSONWhereItIsAskedForAndItsLevelChanges() async throws {
        try await withTestDirectory { folder in
            try Data(DaemonFixture.ports.utf8).write(to: folder.appendingPathComponent("roost.toml"))
            let process = try await TestProcess.startBuilt(
                "roost", ["run", "--config", "roost.toml", "--data", "data", "--log-format", "json", "--log-level", "notice"],
                directory: folder)
            try await withTestProcess(process) { process in
                let line = try await process.line(containing: #""event":"listener.bound","fields":{"address":"127.0.0.1:"#)
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                #expect(object?["level"] as? String == "notice")
                _ = try await process.line(containing: "/OPER owner ")
                let before = try await roost("admin", "loglevel", "--data", "data", directory: folder)
                #expect(before.exit == .status(0) && before.output == "The log level is notice\n")
                // An option before it makes the name of the command that of a service.
                let after = try await roost("admin", "--data", "data", "loglevel", "debug", directory: folder)
                #expect(after.exit == .status(0) && after.output == "The log level is debug\n")
                let wrong = try await roost("admin", "loglevel", "loud", "--data", "data", directory: folder)
                #expect(wrong.exit == .status(1))
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
