import IRCProtocol
import MainLoop
import NIOCore
import Store

/// Who may say what to whom.
extension Permissions {
    /// Why something may not be said in a channel.
    enum SpeakRefusal: Equatable {
        case notInside, moderated, banned, needsAccount, noCTCP, noNotice, tooFast
        /// The server is attacked.
        case guestsAreQuiet
        /// Seconds until the next message.
        case slow(Int)

        /// For the person who said it.
        var text: String {
            switch self {
            case .notInside: "Cannot send to channel (+n)"
            case .moderated: "Cannot send to channel (+m)"
            case .banned: "Cannot send to channel (+b)"
            case .needsAccount: "Cannot send to channel (+M): log in to an account first"
            case .noCTCP: "Cannot send to channel (+C): no CTCP here"
            case .noNotice: "Cannot send to channel (+T): no notices here"
            case .tooFast: "Cannot send to channel (+f): too many lines, wait a moment or say less at once"
            case .guestsAreQuiet: "Cannot send to channel: log in to an account first"
            case .slow(let seconds): "Cannot send to channel (+W): wait \(seconds) more seconds"
            }
        }
    }

    /// Nil when `client` may say `utterance` in `channel`. A voice lifts everything but what the channel takes from nobody.
    static func speak(_ utterance: Utterance, in channel: Channel, by client: Client, at now: Duration) -> SpeakRefusal? {
        let (modes, member) = (channel.modes, channel[client])
        if !takePart(client, at: client.world.defense) { return .guestsAreQuiet }
        if modes.contains(.noCTCP), utterance.isCTCP { return .noCTCP }
        if modes.contains(.noNotice), utterance.kind == .notice, member?.ranks.atLeast(.halfop) != true { return .noNotice }
        if let member, member.ranks.atLeast(.voice) { return nil }
        if member == nil, modes.contains(.noExternal) { return .notInside }
        if modes.contains(.moderated) { return .moderated }
        if modes.contains(.registeredSpeak), client.identity == nil { return .needsAccount }
        if !modes.entries(.ban).isEmpty, BanCheck(client).isMuted(in: channel) { return .banned }
        guard let member else { return nil }
        if let rate = modes.flood, member.messages.isFull(rate, at: now, for: utterance.lineCount) { return .tooFast }
        if let slow = modes.slow, let last = member.spokeAt, now - last < .seconds(slow) {
            let rest = (.seconds(slow) - (now - last)).components
            return .slow(Int(rest.seconds) + (rest.attoseconds > 0 ? 1 : 0))
        }
        return nil
    }

    /// Whether a member hears what somebody without a voice says: not where that is for those who run the channel (mode U).
    static func hear(_ member: Member, from speaker: Member?, in channel: Channel) -> Bool {
        !channel.modes.contains(.opModerated) || speaker?.ranks.atLeast(.voice) == true || readRequests(by: member)
    }

    /// Whether `client` may leave messages for people who are not here.
    static func leaveMessages(by client: Client) -> Bool { client.identity != nil }

    /// Whether messages are kept for the owner of `account`.
    static func leaveMessages(for account: AccountRecord) -> Bool { !account.isSuspended }

    /// Why a person does not take a private message.
    enum ContactRefusal {
        case needsAccount, needsSecurity, notAccepted
        /// Nobody is told: the other one must not learn that it is ignored.
        case silently
    }

    /// Nil when `client` may say `utterance` to `other`.
    static func contact(_ other: Client, _ utterance: Utterance, by client: Client) -> ContactRefusal? {
        guard other !== client, !exercise(.contact, by: client) else { return nil }
        if !takePart(client, at: client.world.defense), !other.isOperator { return .needsAccount }
        if other.silence.catches(client) { return .silently }
        if other.modes.contains(.noCTCP), utterance.isCTCP { return .silently }
        if other.accepted.contains(client) { return nil }
        if other.modes.contains(.secureOnly), !client.isSecure { return .needsSecurity }
        if other.modes.contains(.registeredOnly), client.identity == nil { return .needsAccount }
        if other.modes.contains(.callerID) { return .notAccepted }
        return nil
    }
}
