/// The modes of a person.
package enum UserMode: Character, CaseIterable, Sendable {
    /// Not shown to strangers in WHO and NAMES.
    case invisible = "i"
    /// Server operator; given by OPER or the account only.
    case oper = "o"
    /// Logged in to an account; set by the server only.
    case registered = "r"
}

/// The modes that one person has.
package struct UserModes: Sendable, Equatable {
    private var bits: UInt8 = 0

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

    private static func bit(_ mode: UserMode) -> UInt8 {
        switch mode {
        case .invisible: 1
        case .oper: 2
        case .registered: 4
        }
    }
}
