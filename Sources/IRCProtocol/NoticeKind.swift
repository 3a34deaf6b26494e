/// What operators of the server may want to be told of (user mode s). The raw value is its word, for people and the configuration.
package enum NoticeKind: String, CaseIterable, Sendable {
    case blocks, connects, flood, channels, kills, messages, nicks, opers, quits, server, accounts, bans

    /// Its letter in a mask.
    package var letter: Character {
        switch self {
        case .blocks: "b"
        case .connects: "c"
        case .flood: "f"
        case .channels: "j"
        case .kills: "k"
        case .messages: "m"
        case .nicks: "n"
        case .opers: "o"
        case .quits: "q"
        case .server: "s"
        case .accounts: "u"
        case .bans: "x"
        }
    }

    package init?(letter: Character) {
        guard let kind = Self.allCases.first(where: { $0.letter == letter }) else { return nil }
        self = kind
    }

    /// For the manual.
    package var meaning: String {
        switch self {
        case .blocks: "connections that were kept out by a ban, a block list or a limit"
        case .connects: "people who connect"
        case .flood: "connections that are cut because they flood or do not read"
        case .channels: "what operators do to channels"
        case .kills: "KILL"
        case .messages: "what content filters catch"
        case .nicks: "changes of nicknames"
        case .opers: "who becomes an operator or fails to, and what operators do to people"
        case .quits: "people who leave"
        case .server: "DEFCON, reloads, stops"
        case .accounts: "new accounts, and what operators do to accounts"
        case .bans: "bans and filters that are set and taken off"
        }
    }
}

/// Some kinds of notices: `+bks`.
package struct NoticeMask: Sendable, Hashable {
    private var bits: UInt32 = 0

    package init() {}

    package init(_ kinds: some Sequence<NoticeKind>) {
        for kind in kinds { set(kind, true) }
    }

    package var isEmpty: Bool { bits == 0 }

    package var kinds: [NoticeKind] { NoticeKind.allCases.filter(contains) }

    package func contains(_ kind: NoticeKind) -> Bool { bits & Self.bit(kind) != 0 }

    package mutating func set(_ kind: NoticeKind, _ on: Bool) {
        if on { bits |= Self.bit(kind) } else { bits &= ~Self.bit(kind) }
    }

    /// Changes it as somebody wrote: letters with signs (`+bk-q`), words (`kills,bans`), or `*` for all. Without a sign at the
    /// beginning, `adding` says what is meant.
    ///
    /// - Returns: the letters or the word that stand for nothing.
    package mutating func change(_ text: String, adding: Bool) -> String {
        let words = text.split(separator: ",").map(String.init)
        if text.contains(",") || NoticeKind(rawValue: text.lowercased()) != nil {
            var unknown: [String] = []
            for word in words {
                if let kind = NoticeKind(rawValue: word.lowercased()) { set(kind, adding) } else { unknown.append(word) }
            }
            return unknown.joined(separator: ",")
        }
        var (adding, unknown) = (adding, "")
        for letter in text {
            if letter == "+" || letter == "-" {
                adding = letter == "+"
            } else if letter == "*" {
                for kind in NoticeKind.allCases { set(kind, adding) }
            } else if let kind = NoticeKind(letter: letter) {
                set(kind, adding)
            } else {
                unknown.append(letter)
            }
        }
        return unknown
    }

    /// `+bks`; a lone `+` when there are none.
    package var text: String { "+" + String(kinds.map(\.letter)) }

    private static func bit(_ kind: NoticeKind) -> UInt32 {
        1 << UInt32(NoticeKind.allCases.firstIndex(of: kind) ?? 31)
    }
}
