/// The rank of a member, by ascending power.
package enum MemberRank: UInt8, CaseIterable, Comparable, Sendable {
    case voice, halfop, op, admin, founder

    package var mode: ChannelMode {
        switch self {
        case .voice: .voice
        case .halfop: .halfop
        case .op: .op
        case .admin: .admin
        case .founder: .founder
        }
    }

    /// The sign before the nickname.
    package var prefix: Character {
        switch self {
        case .voice: "+"
        case .halfop: "%"
        case .op: "@"
        case .admin: "&"
        case .founder: "~"
        }
    }

    package init?(mode: ChannelMode) {
        guard let rank = Self.allCases.first(where: { $0.mode == mode }) else { return nil }
        self = rank
    }

    package init?(prefix: Character) {
        guard let rank = Self.allCases.first(where: { $0.prefix == prefix }) else { return nil }
        self = rank
    }

    package static func < (left: MemberRank, right: MemberRank) -> Bool { left.rawValue < right.rawValue }
}

/// The ranks that one member holds together.
package struct MemberRanks: Sendable, Equatable {
    private var bits: UInt8 = 0

    package init(_ ranks: MemberRank...) {
        for rank in ranks { insert(rank) }
    }

    /// - Parameter letters: mode letters; those that are no rank do not count.
    package init(letters: String) {
        for letter in letters {
            if let rank = ChannelMode(rawValue: letter).flatMap({ MemberRank(mode: $0) }) { insert(rank) }
        }
    }

    package func contains(_ rank: MemberRank) -> Bool { bits & 1 << rank.rawValue != 0 }
    package mutating func insert(_ rank: MemberRank) { bits |= 1 << rank.rawValue }
    package mutating func remove(_ rank: MemberRank) { bits &= ~(1 << rank.rawValue) }

    /// The most powerful one; nil when there is none.
    package var highest: MemberRank? { MemberRank.allCases.last(where: contains) }

    /// Whether the member is at least `rank`.
    package func atLeast(_ rank: MemberRank) -> Bool { bits >> rank.rawValue != 0 }

    /// All prefixes, highest first (multi-prefix), or only the highest.
    package func prefixes(all: Bool) -> String {
        all ? String(MemberRank.allCases.reversed().filter(contains).map(\.prefix)) : highest.map { String($0.prefix) } ?? ""
    }
}
