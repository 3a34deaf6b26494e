import Foundation

/// A conversation between clients and a server, as text: what is sent and what has to come, line by line.
///
///     # The section of the specification that it is about. Other comments and blank lines do not count.
///     covers away-notify AWAYLEN    what it shows at work: capabilities, tokens of 005, `+f` a channel mode, `user+g` a user mode,
///                                   `a:` an extended ban
///     with no-accounts              the server is set up in this way; see ``Setup``
///     inside because time passes    it runs in process only, and why
///     account ann secret            an account; `operator root secret` one that operates the server
///     user ann cap-one cap-two      a connection that registers with these capabilities, and forgets its greeting
///     plain bob                     as `user`, without encryption
///     open ann                      a connection that has not said anything; `certified ann`: with a client certificate
///     crowd 120 #c                  so many people enter a channel
///     ann C: JOIN #c                ann sends; \FF is a byte
///     9 times ann C: JOIN #c%       ann sends it nine times, with 1 to 9 in place of %
///     ann S: :ann!* JOIN #c         ann gets this, perhaps after other lines; * and ? stand for anything
///     ann not: * 001 *              ann has not got this so far
///     ann keeps id                  $id is the msgid of the newest line that ann got
///     ann keeps code 3              $code is the third last word of the line that ann waited for last
///     wait 61                       seconds pass; in process only
///     disk fails                    nothing can be stored or read any more; in process only
package struct Scenario: Sendable {
    package enum Step: Sendable, Equatable {
        case account(name: String, password: String, isOperator: Bool)
        case open(String, certified: Bool)
        case user(String, capabilities: String, isPlain: Bool)
        case crowd(Int, channel: String)
        case wait(seconds: Int)
        case send(String, String)
        case expect(String, String)
        case refute(String, String)
        case keepID(String, variable: String)
        case keepWord(String, variable: String, fromEnd: Int)
        case diskFails
    }

    /// What of the configuration is not as in the other scenarios.
    package enum Setup: String, Sendable, CaseIterable {
        case noAccounts = "no-accounts"
        case needsEmail = "needs-email"
        case connectFirst = "connect-first"
        case admin, gateway, icon, invite, sts
        case noMotd = "no-motd"
        case deniedTags = "denied-tags"
        case noTokenServices = "no-token-services"
        case smallQueue = "small-queue"
        case allowList = "allow-list"
        case operatorClasses = "operator-classes"
    }

    package struct Mistake: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) { self.description = description }
    }

    package let name: String
    /// Each with its line, for messages.
    package private(set) var steps: [(line: Int, step: Step)] = []
    /// What it says it covers.
    package private(set) var covered: Set<String> = []
    package private(set) var setup: Set<Setup> = []
    /// Why it cannot run over a socket, where nobody moves the time or breaks the disk; nil: it can.
    package private(set) var insideBecause: String?

    /// - Throws: ``Mistake`` for a line that is none of those above, for a file that does not say what it is about, and for one that
    ///   runs in process only without need or without saying so.
    package init(name: String, _ text: String) throws {
        self.name = name
        guard text.hasPrefix("# ") else { throw Mistake(description: "\(name): the first line has to say what it is about") }
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard !line.isEmpty, !line.hasPrefix("#"), !describes(String(line)) else { continue }
            guard let steps = Self.steps(String(line)) else { throw Mistake(description: "\(name):\(index + 1): \(line)") }
            self.steps += steps.map { (index + 1, $0) }
        }
        let isBound = steps.contains { _, step in
            switch step {
            case .wait, .diskFails: true
            default: false
            }
        }
        guard isBound == (insideBecause != nil) else { throw Mistake(description: "\(name): \"inside because\" is missing or needless") }
    }

    /// Whether a line tells of the whole scenario; then it is noted.
    private mutating func describes(_ line: String) -> Bool {
        let words = line.split(separator: " ").map(String.init)
        if words[0] == "covers" {
            covered.formUnion(words.dropFirst())
        } else if words[0] == "with", words.count == 2, let setup = Setup(rawValue: words[1]) {
            self.setup.insert(setup)
        } else if line.hasPrefix("inside because "), words.count > 2 {
            insideBecause = words.dropFirst(2).joined(separator: " ")
        } else {
            return false
        }
        return true
    }

    private static func steps(_ line: String) -> [Step]? {
        let words = line.split(separator: " ").map(String.init)
        switch (words[0], words.count) {
        case ("account", 3): return [.account(name: words[1], password: words[2], isOperator: false)]
        case ("operator", 3): return [.account(name: words[1], password: words[2], isOperator: true)]
        case ("open", 2), ("certified", 2): return [.open(words[1], certified: words[0] == "certified")]
        case ("user", 2...), ("plain", 2...):
            return [.user(words[1], capabilities: words.dropFirst(2).joined(separator: " "), isPlain: words[0] == "plain")]
        case ("disk", 2): return [.diskFails]
        case (_, 3) where words[1] == "keeps": return [.keepID(words[0], variable: words[2])]
        case (_, 4) where words[1] == "keeps": return Int(words[3]).map { [.keepWord(words[0], variable: words[2], fromEnd: $0)] }
        case ("crowd", 3): return Int(words[1]).map { [.crowd($0, channel: words[2])] }
        case ("wait", 2): return Int(words[1]).map { [.wait(seconds: $0)] }
        default: break
        }
        if words.count > 3, words[1] == "times", let count = Int(words[0]), count > 0, let times = line.firstRange(of: " times ") {
            var all: [Step] = []
            for number in 1...count {
                guard let once = steps(String(line[times.upperBound...]).replacing("%", with: String(number))) else { return nil }
                all += once
            }
            return all
        }
        for (sign, make) in [(" C: ", Step.send), (" S: ", Step.expect), (" not: ", Step.refute)] {
            guard let range = line.range(of: sign), !line[..<range.lowerBound].contains(" ") else { continue }
            return [make(String(line[..<range.lowerBound]), String(line[range.upperBound...]))]
        }
        return nil
    }

    /// All in Tests/Scenarios, in alphabetical order.
    package static func all() throws -> [Scenario] {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let folder = tests.appendingPathComponent("Scenarios")
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "txt" }.sorted { $0.path < $1.path }
            .map { try Scenario(name: $0.lastPathComponent, String(contentsOf: $0, encoding: .utf8)) }
    }
}
