import Accounts
import IRCProtocol
import MainLoop

/// The metadata of a person or a channel (draft/metadata-2).
struct Metadata {
    /// The longest value in bytes: a line of 761 holds it beside the longest names.
    static let maximumValue = 256

    /// Bounded by `Limits.metadataKeys`.
    private(set) var values: [String: String] = [:]
    /// When the count of ``changes`` began.
    private var countedSince: Duration?
    private var changes = 0

    var keys: [String] { values.keys.sorted() }

    subscript(key: String) -> String? {
        get { values[key] }
        set { values[key] = newValue }
    }

    /// Takes over what was stored; what was set on this connection before the login stays.
    mutating func adopt(_ stored: [String: String]) {
        values.merge(stored) { current, _ in current }
    }

    /// Counts a change. When there were too many within a minute: the seconds until the next one may come.
    mutating func countChange(at now: Duration, limit: Int) -> Int? {
        let since = countedSince.map { now - $0 >= .seconds(60) ? now : $0 } ?? now
        if since != countedSince { (countedSince, changes) = (since, 0) }
        guard changes < limit else {
            let rest = (.seconds(60) - (now - since)).components
            return Int(rest.seconds) + (rest.attoseconds > 0 ? 1 : 0)
        }
        changes += 1
        return nil
    }
}

/// Whose metadata a command is about.
@LoopActor
enum MetadataTarget {
    case person(Client)
    case channel(Channel)

    var name: String {
        switch self {
        case .person(let client): client.target
        case .channel(let channel): channel.name.text
        }
    }

    var metadata: Metadata {
        get {
            switch self {
            case .person(let client): client.metadata
            case .channel(let channel): channel.metadata
            }
        }
        nonmutating set {
            switch self {
            case .person(let client): client.metadata = newValue
            case .channel(let channel): channel.metadata = newValue
            }
        }
    }

    /// The account under whose name it is stored; nil: it lives as long as the guest or the channel.
    var account: String? {
        guard case .person(let client) = self else { return nil }
        return client.identity?.account
    }
}
