import IRCProtocol

/// How far the server closes itself while it is attacked: `DEFCON`, from 5 to 1. Each level has what those above it have.
enum DefenseLevel: Int, Sendable, CaseIterable, Comparable {
    /// Only operators get in.
    case operatorsOnly = 1
    /// Only those who log in get in.
    case accountsOnly = 2
    /// Guests enter no channels, and speak to operators and services only.
    case quietGuests = 3
    /// Nobody makes accounts or registers channels.
    case noRegistrations = 4
    /// Peace.
    case normal = 5

    static func < (left: DefenseLevel, right: DefenseLevel) -> Bool { left.rawValue < right.rawValue }

    /// What it means, for operators.
    var meaning: String {
        switch self {
        case .operatorsOnly: "only operators get in"
        case .accountsOnly: "only those who log in get in"
        case .quietGuests: "guests enter no channels, and speak to operators and services only"
        case .noRegistrations: "nobody makes accounts or registers channels"
        case .normal: "everything is open"
        }
    }
}
