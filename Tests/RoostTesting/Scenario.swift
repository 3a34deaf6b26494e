import Foundation

/// A conversation between clients and a server, as text: what is sent and what has to come, line by line.
///
///     # What it is about; blank lines and comments do not count.
///     account ann secret            an account; `operator root secret` one that operates the server
///     user ann                      a connection that registers, and forgets its greeting
///     open ann                      a connection that has not said anything
///     crowd 120 #c                  so many people enter a channel
///     wait 61                       seconds pass; such a scenario runs in process only
///     ann C: JOIN #c                ann sends
///     9 times ann C: JOIN #c        ann sends it so often
///     ann S: :ann!* JOIN #c         ann gets this, perhaps after other lines; * and ? stand for anything
///     ann not: * 001 *              ann has not got this so far
///     ann keeps id                  $id is the msgid of the newest line that ann got
///     plain bob                     as `user`, without encryption
///     disk fails                    nothing can be stored or read any more; in process only
package struct Scenario: Sendable {
    package enum Step: Sendable, Equatable {
        case account(name: String, password: String, isOperator: Bool)
        case open(String)
        case user(String)
        case crowd(Int, channel: String)
        case wait(seconds: Int)
        case send(String, String)
        case expect(String, String)
        case refute(String, String)
        case keep(String, variable: String)
        case plain(String)
        case diskFails
    }

    package struct Mistake: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) { self.description = description }
    }

    package let name: String
    /// Each with its line, for messages.
    package let steps: [(line: Int, step: Step)]

    /// - Throws: ``Mistake`` for a line that is none of those above.
    package init(name: String, _ text: String) throws {
        self.name = name
        var steps: [(Int, Step)] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            let (count, text) = Self.repeated(line)
            guard let step = Self.step(text) else { throw Mistake(description: "\(name):\(index + 1): \(line)") }
            steps += Array(repeating: (index + 1, step), count: count)
        }
        self.steps = steps
    }

    /// A line, and how often it is meant.
    private static func repeated(_ line: Substring) -> (count: Int, text: String) {
        let words = line.split(separator: " ", maxSplits: 2)
        guard words.count == 3, words[1] == "times", let count = Int(words[0]) else { return (1, String(line)) }
        return (count, String(words[2]))
    }

    private static func step(_ line: String) -> Step? {
        let words = line.split(separator: " ").map(String.init)
        switch (words[0], words.count) {
        case ("account", 3): return .account(name: words[1], password: words[2], isOperator: false)
        case ("operator", 3): return .account(name: words[1], password: words[2], isOperator: true)
        case ("open", 2): return .open(words[1])
        case ("user", 2): return .user(words[1])
        case ("plain", 2): return .plain(words[1])
        case ("disk", 2): return .diskFails
        case (_, 3) where words[1] == "keeps": return .keep(words[0], variable: words[2])
        case ("crowd", 3): return Int(words[1]).map { .crowd($0, channel: words[2]) }
        case ("wait", 2): return Int(words[1]).map { .wait(seconds: $0) }
        default: break
        }
        for (sign, make) in [(" C: ", Step.send), (" S: ", Step.expect), (" not: ", Step.refute)] {
            guard let range = line.range(of: sign), !line[..<range.lowerBound].contains(" ") else { continue }
            return make(String(line[..<range.lowerBound]), String(line[range.upperBound...]))
        }
        return nil
    }

    /// Whether it can run over a socket: nobody moves the time there or breaks the disk, and some limits are no settings.
    package var runsOverSockets: Bool {
        let isBound = steps.contains { _, step in
            switch step {
            case .wait, .diskFails: true
            default: false
            }
        }
        return !isBound && !name.contains("limits")
    }

    /// All in Tests/Scenarios, in alphabetical order.
    package static func all() throws -> [Scenario] {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let folder = tests.appendingPathComponent("Scenarios")
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "txt" }.sorted { $0.path < $1.path }
            .map { try Scenario(name: $0.lastPathComponent, String(contentsOf: $0, encoding: .utf8)) }
    }

    /// The value of the tag `msgid` of a line; nil when it has none.
    package static func messageID(of line: String) -> String? {
        guard line.hasPrefix("@") else { return nil }
        let tags = line.dropFirst().prefix { $0 != " " }.split(separator: ";")
        return tags.first { $0.hasPrefix("msgid=") }.map { String($0.dropFirst(6)) }
    }

    /// Whether a line without its tags fits a pattern.
    package static func matches(_ line: String, _ pattern: String) -> Bool {
        let body = line.hasPrefix("@") && !pattern.hasPrefix("@") ? String(line.drop { $0 != " " }.dropFirst()) : line
        let (text, glob) = (Array(body), Array(pattern))
        var (position, place, star, mark) = (0, 0, -1, 0)
        while position < text.count {
            if place < glob.count, glob[place] == "*" {
                (star, mark) = (place, position)
                place += 1
            } else if place < glob.count, glob[place] == "?" || glob[place] == text[position] {
                (place, position) = (place + 1, position + 1)
            } else if star >= 0 {
                mark += 1
                (place, position) = (star + 1, mark)
            } else {
                return false
            }
        }
        return glob[place...].allSatisfy { $0 == "*" }
    }
}
