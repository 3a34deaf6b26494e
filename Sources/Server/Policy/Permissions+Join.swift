import Accounts
import IRCProtocol
import MainLoop

/// Who may enter a channel, and who is at home there.
extension Permissions {
    /// Why somebody may not, in the order in which it is checked.
    enum JoinRefusal {
        case secureOnly, operatorsOnly, banned, needsAccount, inviteOnly, badKey, full, throttled

        /// What tells the person; the letter is that of the mode which is in the way.
        var answer: (numeric: Numeric, mode: ChannelMode) {
            switch self {
            case .secureOnly: (.secureOnlyChannel, .secureOnly)
            case .operatorsOnly: (.operatorsOnlyChannel, .operatorsOnly)
            case .banned: (.bannedFromChannel, .ban)
            case .needsAccount: (.needRegisteredNick, .registeredJoin)
            case .inviteOnly: (.inviteOnlyChannel, .inviteOnly)
            case .badKey: (.badChannelKey, .key)
            case .full: (.channelIsFull, .limit)
            case .throttled: (.joinThrottled, .joinFlood)
            }
        }

        /// Whether a channel with mode L sends the person on. Who typed a wrong key can type another one.
        var forwards: Bool {
            switch self {
            case .secureOnly, .operatorsOnly, .badKey: false
            default: true
            }
        }
    }

    /// Nil when `client` may enter. An invitation opens a ban, +R, +i, +k, +l and +j (modern-irc "INVITE message").
    static func join(_ channel: Channel, by client: Client, key: String?, at now: Duration) -> JoinRefusal? {
        let modes = channel.modes
        if !takePart(client, at: client.world.defense) { return .needsAccount }
        if modes.contains(.secureOnly), !client.isSecure { return .secureOnly }
        if modes.contains(.operatorsOnly), !client.isOperator { return .operatorsOnly }
        if client.invitations.contains(channel) || access(of: client, to: channel).map({ $0 >= .halfop }) == true { return nil }
        let check = BanCheck(client)
        if keptOut(client, of: channel) != nil { return .banned }
        if check.isBanned(from: channel) { return .banned }
        if modes.contains(.registeredJoin), client.identity == nil { return .needsAccount }
        if modes.contains(.inviteOnly), !check.isInvited(to: channel) { return .inviteOnly }
        if let wanted = modes.key, !constantTimeEqual(wanted, key ?? "") { return .badKey }
        if let limit = modes.limit, channel.members.count >= limit { return .full }
        if let rate = modes.joinFlood, channel.joins.isFull(rate, at: now) { return .throttled }
        return nil
    }

    /// The rank that the account of `client` has in `channel`; nil when it has none or the channel is nobody's.
    static func access(of client: Client, to channel: Channel) -> MemberRank? {
        client.identity.flatMap { channel.registration?.rank(of: $0.account) }
    }

    /// The entry that keeps `client` out of a registered channel (`AKICK`); nobody who is on its access list.
    static func keptOut(_ client: Client, of channel: Channel) -> ChannelRegistration.KeptOut? {
        guard let entries = channel.registration?.keptOut, !entries.isEmpty, access(of: client, to: channel) == nil else { return nil }
        let check = BanCheck(client)
        return entries.first { BanMask($0.mask).map(check.matches) == true }
    }

    private static func constantTimeEqual(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
