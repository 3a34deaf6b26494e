/// A block list in DNS: `zone replies action`, such as `dnsbl.example.org 3,5-7 reject`.
package struct DNSBlockList: Sendable, Hashable, CustomStringConvertible {
    /// What happens to those who are on it.
    package enum Action: String, Sendable, CaseIterable {
        case reject
        case requireLogin = "require-login"
        case mark
    }

    package var zone: String
    /// Last numbers of the answers that count; empty: all.
    package var replies: [ClosedRange<UInt8>]
    package var action: Action

    /// Reads the written form.
    package init(_ text: String) throws(ValueError) {
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 3 else {
            throw ValueError("must be a domain, the replies that count or *, and an action, such as \"dnsbl.example.org 3,5-7 reject\"")
        }
        guard HostName.isValid(words[0]), words[0].contains("."), words[0].utf8.count <= 180 else {
            throw ValueError("\"\(words[0])\" is no domain")
        }
        guard let action = Action(rawValue: words[2]) else {
            throw ValueError("\"\(words[2])\" is no action: write \(Action.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        (zone, self.action) = (words[0].lowercased(), action)
        replies = words[1] == "*" ? [] : try words[1].split(separator: ",", omittingEmptySubsequences: false).map(Self.range)
    }

    private static func range(_ text: Substring) throws(ValueError) -> ClosedRange<UInt8> {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt8($0) }
        guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first <= last else {
            throw ValueError("\"\(text)\" is no reply: write a number from 0 to 255, or two with a hyphen")
        }
        return first...last
    }

    package var description: String {
        let numbers = replies.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
        return "\(zone) \(numbers.isEmpty ? "*" : numbers.joined(separator: ",")) \(action.rawValue)"
    }
}
