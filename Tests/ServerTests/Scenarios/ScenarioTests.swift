import GRDB
import IRCProtocol
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Server

@LoopActor @Suite struct ScenarioTests {
    /// What no line of text can bring about here; the tests named see it.
    private static let elsewhere: Set<String> = [
        Numeric.tooManyMatches.digits,  // ListTests
        Numeric.rehashing.digits,  // ControlTests
        Numeric.whoisCertificate.digits,  // WhoisTests
        Numeric.whoisSpecial.digits,  // WhoisTests
        FailCode.invalidUTF8.rawValue,  // LimitTests
        FailCode.unacceptableEmail.rawValue,  // RegisterTests
        FailCode.maxRegistrations.rawValue,  // NotifyingTests
    ]

    /// Every scenario runs; together they see every numeric and every FAIL code that there is.
    @Test func everythingDeclaredIsSent() async throws {
        var seen: Set<String> = []
        for scenario in try Scenario.all() { seen.formUnion(try await run(scenario)) }
        let declared = Numeric.allCases.map(\.digits) + FailCode.allCases.map(\.rawValue)
        let missing = declared.filter { !seen.contains($0) && !Self.elsewhere.contains($0) }
        #expect(missing.isEmpty, "no scenario sees \(missing)")
        let superfluous = Self.elsewhere.intersection(seen)
        #expect(superfluous.isEmpty, "the scenarios do see \(superfluous)")
    }

    /// Plays one scenario and returns the numerics and FAIL codes that came by.
    private func run(_ scenario: Scenario) async throws -> Set<String> {
        let database = try RoostDatabase.inMemory()
        let test = try await TestWorld(database: database) { configuration in
            configuration.name = "irc.test"
            configuration.motd = ["Hello"]
            configuration.limits.channelsPerClient = 5
            configuration.limits.listEntries = 3
            configuration.limits.monitor = 2
            configuration.limits.accept = 2
            configuration.limits.silence = 2
            configuration.limits.metadataKeys = 2
            configuration.limits.metadataSubscriptions = 2
            configuration.limits.metadataChanges = 5
            configuration.limits.multilineLines = 3
            configuration.limits.multilineBytes = 512
            configuration.limits.connectionsPerAddress = .max
            configuration.accounts.perHour = 100
            configuration.accounts.reservesNicks = false
            configuration.tokenServices = [
                .init(name: "FILES", url: "https://files.test", addresses: ["192.0.2.1"], description: "Uploads"),
                .init(name: "OTHER", url: "https://other.test", addresses: ["203.0.113.5"], description: "Something else"),
            ]
            scenario.change(&configuration)
        }
        var clients: [String: TestClient] = [:]
        var places: [String: Int] = [:]
        var values: [String: String] = [:]
        func filled(_ text: String) -> String { values.reduce(text) { $0.replacing("$" + $1.key, with: $1.value) } }
        for (line, step) in scenario.steps {
            func fail(_ text: String) { Issue.record("\(scenario.name):\(line): \(text)") }
            switch step {
            case .account(let name, let password, let isOperator):
                try await test.addAccount(name, password: password, isOperator: isOperator)
            case .open(let name): clients[name] = test.connect()
            case .user(let name):
                let client = await test.join(name, keepsGreeting: true)
                (clients[name], places[name]) = (client, client.lines.count)
            case .crowd(let count, let channel):
                for number in 0..<count { clients["crowd\(number)"] = await test.join("crowd\(number)", in: channel) }
            case .wait(let seconds): await test.advance(seconds: seconds)
            case .send(let name, let text): await clients[name]?.send(filled(text))
            case .plain(let name):
                let client = test.connect(secure: false)
                await client.send("NICK \(name)", "USER \(name) 0 * :\(name)")
                clients[name] = client
            case .diskFails:
                try await database.writer.write { db in
                    for table in ["message", "account", "read_marker"] { try db.execute(sql: "DROP TABLE \(table)") }
                }
            case .keep(let name, let variable): values[variable] = clients[name]?.lines.reversed().lazy.compactMap(Scenario.messageID).first
            case .expect(let name, let template):
                let pattern = filled(template)
                let lines = clients[name]?.lines ?? []
                let start = places[name, default: 0]
                guard let found = lines[min(start, lines.count)...].firstIndex(where: { Scenario.matches($0, pattern) }) else {
                    fail("\(name) did not get \(pattern); it got \(lines[min(start, lines.count)...].suffix(12))")
                    continue
                }
                places[name] = found + 1
            case .refute(let name, let pattern):
                if let line = clients[name]?.lines.first(where: { Scenario.matches($0, pattern) }) { fail("\(name) got \(line)") }
            }
        }
        var seen: Set<String> = []
        for line in clients.values.flatMap(\.lines) {
            let words = (line.hasPrefix("@") ? line.drop { $0 != " " }.dropFirst() : line[...]).split(separator: " ")
            guard words.count > 1 else { continue }
            seen.insert(String(words[1]))
            if words[1] == "FAIL", words.count > 3 { seen.insert(String(words[3])) }
        }
        return seen
    }
}

extension Scenario {
    /// What the name of the file asks of the configuration beyond the small limits.
    fileprivate func change(_ configuration: inout ServerConfiguration) {
        if name.contains("no-accounts") { configuration.accounts.registration = .off }
        if name.contains("invite") { configuration.accounts.registration = .invite }
        if name.contains("needs-email") { configuration.accounts.needsEmail = true }
        if name.contains("connect-first") { configuration.accounts.beforeConnect = false }
        if name.contains("admin") { configuration.admin = ["Here", "Us", "root@example.com"] }
        if name.contains("no-motd") { configuration.motd = [] }
    }
}
