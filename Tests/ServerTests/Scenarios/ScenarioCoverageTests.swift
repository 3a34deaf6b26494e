import IRCProtocol
import RoostTesting
import Testing

@testable import Server

/// Whatever the code declares has a scenario that shows it at work: a new capability without one is a failure.
@Suite struct ScenarioCoverageTests {
    private let scenarios: [Scenario]

    init() throws { scenarios = try Scenario.all() }

    private static let capabilities = Capability.allCases.map(\.name) + ["sts"]

    /// The names of all tokens of 005 that there can be.
    private static var tokens: [String] {
        var configuration = ServerConfiguration()
        configuration.icon = "https://irc.test/icon.png"
        configuration.deniedClientTags = ["*"]
        configuration.accounts.allowed = [.account("ann")]
        return ISupport(configuration, pushKey: "key").tokens.map { String($0.prefix { $0 != "=" }) }
    }

    private static let channelModes = ChannelMode.allCases.map { "+\($0.rawValue)" }
    /// Whoever logs in is +r, and an operator +o; nobody gives them to oneself.
    private static let userModes = UserMode.allCases.map { "user+\($0.rawValue)" }
    private static let extendedBans = BanMask.letters.map { "\($0):" }

    @Test func everythingDeclaredHasAScenario() {
        let covered = scenarios.reduce(into: Set<String>()) { $0.formUnion($1.covered) }
        let declared = Self.capabilities + Self.tokens + Self.channelModes + Self.userModes + Self.extendedBans
        let missing = declared.filter { !covered.contains($0) }
        #expect(missing.isEmpty, "no scenario covers \(missing)")
        let unknown = covered.subtracting(declared)
        #expect(unknown.isEmpty, "scenarios cover what nobody declares: \(unknown)")
    }

    /// What a scenario says it covers occurs in it: a capability is asked for, a mode is set. What a token of 005 promises nobody can
    /// find in a text, but somebody reads each.
    @Test func whatIsCoveredOccurs() {
        let tokens = Set(Self.tokens)
        for scenario in scenarios {
            let missing = scenario.covered.subtracting(tokens).filter { !Self.occurs($0, in: scenario) }
            #expect(missing.isEmpty, "\(scenario.name) has these nowhere: \(missing)")
        }
        let read: [String] = scenarios.flatMap(\.expected).filter { $0.contains(" 005 ") }
        let unread = tokens.filter { token in !read.contains { $0.contains(token) } }
        #expect(unread.isEmpty, "no scenario reads \(unread)")
    }

    @Test func everyTagThatMeansSomethingIsSentByAScenario() {
        let sent = scenarios.flatMap(\.sent).filter { $0.hasPrefix("@") }.flatMap { line in
            line.dropFirst().prefix { $0 != " " }.split(separator: ";").map { String($0.prefix { $0 != "=" }) }
        }
        let missing = Set(ChangeTags.meanings.flatMap(\.names)).subtracting(sent)
        #expect(missing.isEmpty, "no scenario sends \(missing)")
    }

    @Test func everyCommandIsSentByAScenario() {
        let sent = Set(
            scenarios.flatMap(\.sent).map { $0.hasPrefix("@") ? String($0.drop { $0 != " " }.dropFirst()) : $0 }
                .map { String($0.prefix { $0 != " " }) })
        let missing = CommandTable.standard.all.map(\.verb.text).filter { !sent.contains($0) }
        #expect(missing.isEmpty, "no scenario sends \(missing)")
    }

    @Test func everyCommandOfAServiceIsSentByAScenario() {
        let sent = Set(scenarios.flatMap(\.sent).map { $0.split(separator: " ").prefix(2).joined(separator: " ") })
        let missing = Service.all.flatMap { service in service.commands.map { "\(service.shortVerb.text) \($0.name)" } }
            .filter { !sent.contains($0) }
        #expect(missing.isEmpty, "no scenario sends \(missing)")
    }

    private static func occurs(_ item: String, in scenario: Scenario) -> Bool {
        if capabilities.contains(item) {
            // Nobody asks for these: the one comes with CAP LS 302, the other is only read.
            if item == "cap-notify" || item == "sts" { return scenario.sent.contains("CAP LS 302") }
            return scenario.requested.contains(item)
        }
        guard let letter = item.last, letter != ":" else {
            return scenario.sent.contains { $0.contains(" \(item)") || $0.contains("+\(item)") }
        }
        // Those that nobody gives to oneself are seen when the server gives them.
        let isGiven = ["user+r", "user+o", "+q"].contains(item)
        return (isGiven ? scenario.expected : scenario.sent).contains { line in
            let words = line.split(separator: " ")
            guard let verb = words.firstIndex(where: { $0 == "MODE" || isGiven && $0 == "221" }), words.count > verb + 2 else {
                return false
            }
            return words[verb + 1].hasPrefix("#") != item.hasPrefix("user") && words[verb + 2].drop { $0 != "+" }.contains(letter)
        }
    }
}

extension Scenario {
    fileprivate var sent: [String] {
        steps.compactMap { if case .send(_, let text) = $0.step { text } else { nil } }
    }

    fileprivate var expected: [String] {
        steps.compactMap { if case .expect(_, let text) = $0.step { text } else { nil } }
    }

    /// The capabilities that somebody asks for.
    fileprivate var requested: Set<String> {
        var requests = sent.filter { $0.hasPrefix("CAP REQ ") }.map { String($0.dropFirst(8)) }
        for case .user(_, let capabilities, _) in steps.map(\.step) { requests.append(capabilities) }
        return Set(requests.flatMap { $0.split { $0 == " " || $0 == ":" }.map(String.init) })
    }
}
