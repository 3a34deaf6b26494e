/// The modes of a person.
package enum UserMode: Character, CaseIterable, Sendable {
    /// Is a bot (IRCv3 bot-mode).
    case bot = "B"
    /// Hears nothing that is said in channels.
    case deaf = "D"
    /// Is not shown as an operator.
    case hideOperator = "H"
    /// Takes private messages only from people with an account.
    case registeredOnly = "R"
    /// Takes no CTCP but ACTION.
    case noCTCP = "T"
    /// Takes private messages only over secure connections.
    case secureOnly = "Z"
    /// Takes private messages only from people it accepted (`ACCEPT`).
    case callerID = "g"
    /// Not shown to strangers in WHO and NAMES.
    case invisible = "i"
    /// Server operator; given by OPER or the account only.
    case oper = "o"
    /// WHOIS shows its channels to nobody.
    case hideChannels = "p"
    /// Logged in to an account; set by the server only.
    case registered = "r"
    /// Is told of what happens on the server, as far as its mask goes; operators only.
    case serverNotices = "s"
    /// Gets WALLOPS.
    case wallops = "w"
}

/// The modes that one person has.
package struct UserModes: Sendable, Equatable {
    private var bits: UInt32 = 0

    package init() {}

    package func contains(_ mode: UserMode) -> Bool { bits & Self.bit(mode) != 0 }

    /// Returns whether this changed anything.
    @discardableResult
    package mutating func set(_ mode: UserMode, _ on: Bool) -> Bool {
        let before = bits
        if on { bits |= Self.bit(mode) } else { bits &= ~Self.bit(mode) }
        return before != bits
    }

    /// `+ir`; a lone `+` when there are none.
    package var text: String {
        "+" + String(UserMode.allCases.filter(contains).map(\.rawValue))
    }

    private static func bit(_ mode: UserMode) -> UInt32 {
        switch mode {
        case .deaf: 1
        case .hideOperator: 2
        case .registeredOnly: 4
        case .noCTCP: 8
        case .secureOnly: 16
        case .callerID: 32
        case .invisible: 64
        case .oper: 128
        case .hideChannels: 256
        case .registered: 512
        case .wallops: 1024
        case .bot: 2048
        case .serverNotices: 4096
        }
    }
}
