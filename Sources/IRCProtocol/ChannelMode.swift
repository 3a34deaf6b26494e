/// The modes of a channel (`CHANMODES` in ISUPPORT) and of its members (`PREFIX=(qaohv)~&@%+`).
package enum ChannelMode: Character, CaseIterable, Sendable {
    case inviteException = "I"
    case ban = "b"
    case banException = "e"
    case key = "k"
    case forward = "L"
    case slow = "W"
    case flood = "f"
    case joinFlood = "j"
    case limit = "l"
    case noCTCP = "C"
    case delayedJoin = "D"
    case noKnock = "K"
    case registeredSpeak = "M"
    case noNickChange = "N"
    case operatorsOnly = "O"
    case permanent = "P"
    case noKick = "Q"
    case registeredJoin = "R"
    case noNotice = "T"
    case opModerated = "U"
    case noFormatting = "c"
    case freeInvite = "g"
    case inviteOnly = "i"
    case moderated = "m"
    case noExternal = "n"
    case isPrivate = "p"
    case secret = "s"
    case topicLock = "t"
    case auditorium = "u"
    case secureOnly = "z"
    case founder = "q"
    case admin = "a"
    case op = "o"
    case halfop = "h"
    case voice = "v"

    /// How a mode takes parameters: the classes A to D of `CHANMODES`, and the member modes.
    package enum Kind: Sendable {
        case list, always, whenSet, flag, member
    }

    package var kind: Kind {
        switch self {
        case .inviteException, .ban, .banException: .list
        case .key: .always
        case .forward, .slow, .flood, .joinFlood, .limit: .whenSet
        case .founder, .admin, .op, .halfop, .voice: .member
        default: .flag
        }
    }

    /// Those of one kind, in the order of `CHANMODES` and `PREFIX`.
    package static func all(_ kind: Kind) -> [ChannelMode] { allCases.filter { $0.kind == kind } }
}
