import IRCProtocol
import MainLoop

/// The one place that decides who may see or do what. Handlers ask here and nowhere else.
@LoopActor
enum Permissions {
    // MARK: Seeing

    /// Whether `viewer` may know that `channel` exists and who is in it.
    static func see(_ channel: Channel, by viewer: Client) -> Bool {
        !channel.modes.contains(.secret) || channel[viewer] != nil || viewer.isOperator
    }

    /// Whether `viewer` may find `client` by WHO and NAMES without knowing its nickname.
    static func find(_ client: Client, by viewer: Client) -> Bool {
        !client.modes.contains(.invisible) || client === viewer || viewer.isOperator || shareChannel(client, viewer)
    }

    /// Whether `viewer` may see that `client` is in `channel`.
    static func see(_ client: Client, in channel: Channel, by viewer: Client) -> Bool {
        channel[viewer] != nil || (see(channel, by: viewer) && find(client, by: viewer))
    }

    /// Whether `viewer` may see the address behind the host of `client`.
    static func seeAddress(of client: Client, by viewer: Client) -> Bool {
        client === viewer || viewer.isOperator
    }

    /// Whether `viewer` may see the addresses of those who have left.
    static func seePastAddresses(by viewer: Client) -> Bool {
        viewer.isOperator
    }

    /// Whether `viewer` may read the lists and the key of `channel`.
    static func seeInside(_ channel: Channel, by viewer: Client) -> Bool {
        channel[viewer] != nil || viewer.isOperator
    }

    private static func shareChannel(_ first: Client, _ second: Client) -> Bool {
        first.channels.values.contains { $0[second] != nil }
    }

    // MARK: Entering

    /// Why somebody may not enter a channel, in the order in which it is checked.
    enum JoinRefusal {
        case banned, inviteOnly, badKey, full
    }

    /// Nil when `client` may enter. An invitation opens +i, +l, +k and a ban (modern-irc "INVITE message").
    static func join(_ channel: Channel, by client: Client, key: String?) -> JoinRefusal? {
        if client.invitations.contains(channel) { return nil }
        if isBanned(client, from: channel) { return .banned }
        if channel.modes.contains(.inviteOnly), !matches(client, channel.modes.entries(.inviteException)) { return .inviteOnly }
        if let wanted = channel.modes.key, !constantTimeEqual(wanted, key ?? "") { return .badKey }
        if let limit = channel.modes.limit, channel.members.count >= limit { return .full }
        return nil
    }

    /// Whether a ban catches `client` and no exception lets it go.
    static func isBanned(_ client: Client, from channel: Channel) -> Bool {
        matches(client, channel.modes.entries(.ban)) && !matches(client, channel.modes.entries(.banException))
    }

    /// A mask catches the shown host, and also the address behind it, so that a login does not slip a ban.
    private static func matches(_ client: Client, _ entries: [ListEntry]) -> Bool {
        guard !entries.isEmpty else { return false }
        let names = [client.source, "\(client.target)!\(client.user)@\(client.connection.peer.address)"]
        return entries.contains { entry in names.contains { entry.mask.matches($0) } }
    }

    private static func constantTimeEqual(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    // MARK: Acting

    /// Whether `client` may say something in `channel`.
    static func speak(in channel: Channel, by client: Client) -> Bool {
        let member = channel[client]
        if let member, member.ranks.atLeast(.voice) { return true }
        if member == nil, channel.modes.contains(.noExternal) { return false }
        return !channel.modes.contains(.moderated) && !isBanned(client, from: channel)
    }

    /// Whether `client` may change its nickname: a banned or muted member without a voice may not.
    static func rename(_ client: Client) -> Bool {
        client.channels.values.allSatisfy { channel in
            channel[client]?.ranks.atLeast(.voice) == true || !isBanned(client, from: channel)
        }
    }

    static func changeTopic(of channel: Channel, by member: Member) -> Bool {
        !channel.modes.contains(.topicLock) || member.ranks.atLeast(.halfop)
    }

    static func invite(to channel: Channel, by member: Member) -> Bool {
        !channel.modes.contains(.inviteOnly) || member.ranks.atLeast(.halfop)
    }

    /// Whether a member is told who was invited (IRCv3 invite-notify leaves that to the server): those who run the channel.
    static func seeInvitations(by member: Member) -> Bool {
        member.ranks.atLeast(.halfop)
    }

    /// Whether a member may throw anybody out at all.
    static func kick(by member: Member) -> Bool {
        member.ranks.atLeast(.halfop)
    }

    /// Whether a member may throw another one out: halfops only those below them, nobody somebody of a higher rank.
    static func kick(_ target: Member, by member: Member) -> Bool {
        guard kick(by: member), let rank = member.ranks.highest else { return false }
        guard let other = target.ranks.highest else { return true }
        return rank == .halfop ? other < .halfop : other <= rank
    }

    /// Whether a member with `ranks` may change `mode`: flags, key and lists from halfop on; a rank by those who are above
    /// it, or at it from op on.
    static func change(_ mode: ChannelMode, by ranks: MemberRanks) -> Bool {
        guard let highest = ranks.highest, highest >= .halfop else { return false }
        guard let rank = MemberRank(mode: mode) else { return true }
        return highest == .halfop ? rank < .halfop : rank <= highest
    }

    /// Whether a member may take a rank from another one: nobody is brought down by somebody below.
    static func demote(_ target: Member, by member: Member) -> Bool {
        guard let rank = member.ranks.highest else { return false }
        return target.ranks.highest.map { $0 <= rank } ?? true
    }

    /// Whether `client` may read what was said in the conversation of `channel`.
    static func readHistory(of channel: Channel, by client: Client) -> Bool {
        channel[client] != nil
    }
}
