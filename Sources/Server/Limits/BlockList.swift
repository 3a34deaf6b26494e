/// A block list in DNS (DNSBL, RFC 5782), and what happens to those who are on it.
package struct BlockList: Sendable, Hashable {
    package enum Action: Int, Sendable, Comparable {
        /// Operators see it.
        case mark
        /// They are let in when they log in.
        case requireLogin
        /// They are not let in.
        case reject

        package static func < (left: Action, right: Action) -> Bool { left.rawValue < right.rawValue }
    }

    /// The domain below which addresses are asked for.
    package var zone: String
    /// Last numbers of the answers that count; empty: all.
    package var replies: [ClosedRange<UInt8>]
    package var action: Action

    package init(zone: String, replies: [ClosedRange<UInt8>], action: Action) {
        (self.zone, self.replies, self.action) = (zone, replies, action)
    }

    /// The name to ask for; nil when `address` is none.
    func question(about address: String) -> String? {
        AddressRange(address).map { "\($0.reversedLabels).\(zone)" }
    }

    /// Whether `answers` say that the address is on the list. They are in 127.0.0.0/8; 127.255.255.0/24 tells of errors, such as too many
    /// questions. Whatever else a broken or captured name server says does not count.
    func lists(_ answers: [String]) -> Bool {
        answers.contains { answer in
            let numbers = answer.split(separator: ".").compactMap { UInt8($0) }
            guard numbers.count == 4, numbers[0] == 127, numbers[1...2] != [255, 255] else { return false }
            return replies.isEmpty || replies.contains { $0.contains(numbers[3]) }
        }
    }
}
