import Foundation
import GRDB
import IRCProtocol
import MainLoop
import NIOCore
import RoostTesting
import Store
import Testing

@testable import Server

@LoopActor @Suite struct ScenarioTests {
    /// What no line of text can bring about, why, and the test that sees it.
    private static let elsewhere: [(code: String, reason: String, test: String)] = [
        ("MAX_REGISTRATIONS", "needs a push service that takes notifications", "NotifyingTests.errorsAreExplained"),
        ("PERSISTENCE_REQUIRED", "needs a push service that takes notifications", "NotifyingTests.devicesThatMissMostAreWarned"),
        ("UNACCEPTABLE_EMAIL", "needs an address that a code from a mail has proved", "RegisterTests.theCodeComesByMail"),
        ("@freeq.at/partner-did", "needs people with DIDs, whom no server of a test knows", "SayToAccountTests.waitsForWhoIsNotThere"),
    ]

    /// Every scenario runs; together they see every numeric, every code of FAIL, WARN and NOTE, and every tag that there is.
    @Test func everythingDeclaredIsSent() async throws {
        var seen: Set<String> = []
        for scenario in try Scenario.all() { seen.formUnion(try await run(scenario)) }
        let codes = FailCode.allCases.map(\.rawValue) + NoteCode.allCases.map(\.rawValue)
        let declared = Numeric.allCases.map(\.digits) + codes + ServerTag.allCases.map { "@\($0.rawValue)" }
        let elsewhere = Set(Self.elsewhere.map(\.code))
        let missing = declared.filter { !seen.contains($0) && !elsewhere.contains($0) }
        #expect(missing.isEmpty, "no scenario sees \(missing)")
        let superfluous = elsewhere.intersection(seen).union(elsewhere.subtracting(declared))
        #expect(superfluous.isEmpty, "the scenarios do see \(superfluous), or nobody declares it")
    }

    /// What is said to be tested elsewhere is: the test is there, and names the code.
    @Test func whatIsTestedElsewhereIs() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)).compactMap { $0 as? URL }
        for (code, reason, test) in Self.elsewhere {
            let names = test.split(separator: ".").map(String.init)
            let file = try #require(files.first { $0.lastPathComponent == names[0] + ".swift" }, "\(code): \(reason)")
            let body = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "@Test").first {
                $0.contains("func \(names[1])(")
            }
            #expect(body?.contains(code.drop { $0 == "@" }) == true, "\(test) does not see \(code)")
        }
    }

    /// Plays one scenario and returns the numerics, the codes of standard replies and the tags (with `@`) that came by.
    private func run(_ scenario: Scenario) async throws -> Set<String> {
        let database = try RoostDatabase.inMemory()
        let test = try await TestWorld(database: database, scenario.change)
        var clients: [String: TestClient] = [:]
        var places: [String: Int] = [:]
        var taken: [String: String] = [:]
        var values: [String: String] = [:]
        func filled(_ text: String) -> String { values.reduce(text) { $0.replacing("$" + $1.key, with: $1.value) } }
        for (line, step) in scenario.steps {
            func fail(_ text: String) { Issue.record("\(scenario.name):\(line): \(text)") }
            switch step {
            case .account(let name, let password, let isOperator):
                try await test.addAccount(name, password: password, isOperator: isOperator)
            case .open(let name, let isCertified):
                clients[name] = test.connect(certificate: isCertified ? String(repeating: "a1", count: 32) : nil)
            case .user(let name, let capabilities, let isPlain):
                let client = await test.join(name, capabilities: capabilities, keepsGreeting: true, secure: !isPlain)
                (clients[name], places[name]) = (client, client.lines.count)
            case .crowd(let count, let channel):
                for number in 0..<count { clients["crowd\(number)"] = await test.join("crowd\(number)", in: channel) }
            case .wait(let seconds): await test.advance(seconds: seconds)
            case .send(let name, let text): await clients[name]?.send(bytes: Scenario.bytes(filled(text)))
            case .diskFails:
                try await database.writer.write { db in
                    for table in ["message", "account", "read_marker"] { try db.execute(sql: "DROP TABLE \(table)") }
                }
            case .keepID(let name, let variable):
                values[variable] = clients[name]?.lines.reversed().lazy.compactMap(Scenario.messageID).first
            case .keepWord(let name, let variable, let position):
                values[variable] = taken[name].flatMap { Scenario.word(position, fromEndOf: $0) }
            case .expect(let name, let template):
                let pattern = filled(template)
                let lines = clients[name]?.lines ?? []
                let start = places[name, default: 0]
                guard let found = lines[min(start, lines.count)...].firstIndex(where: { Scenario.matches($0, pattern) }) else {
                    fail("\(name) did not get \(pattern); it got \(lines[min(start, lines.count)...].suffix(12))")
                    continue
                }
                (places[name], taken[name]) = (found + 1, lines[found])
            case .refute(let name, let pattern):
                if let line = clients[name]?.lines.first(where: { Scenario.matches($0, pattern) }) { fail("\(name) got \(line)") }
            }
        }
        return Self.codes(in: clients.values.flatMap(\.lines))
    }

    private static func codes(in lines: [String]) -> Set<String> {
        var seen: Set<String> = []
        for line in lines {
            if line.hasPrefix("@") {
                for tag in line.dropFirst().prefix(while: { $0 != " " }).split(separator: ";") {
                    seen.insert("@" + tag.prefix { $0 != "=" })
                }
            }
            let words = (line.hasPrefix("@") ? line.drop { $0 != " " }.dropFirst() : line[...]).split(separator: " ")
            guard words.count > 1 else { continue }
            seen.insert(String(words[1]))
            if ["FAIL", "WARN", "NOTE"].contains(words[1]), words.count > 3 { seen.insert(String(words[3])) }
        }
        return seen
    }
}
