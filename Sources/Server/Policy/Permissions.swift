import Accounts
import IRCProtocol
import MainLoop
import Store

/// The one place that decides who may see or do what. Handlers ask here and nowhere else.
@LoopActor
enum Permissions {
    // MARK: Seeing

    /// Whether `viewer` may know that `channel` exists.
    static func see(_ channel: Channel, by viewer: Client) -> Bool {
        !channel.modes.contains(.secret) || channel[viewer] != nil || exercise(.auspex, by: viewer)
    }

    /// Whether LIST shows `channel` to `viewer`.
    static func list(_ channel: Channel, by viewer: Client) -> Bool {
        see(channel, by: viewer) && seeMembers(of: channel, by: viewer)
    }

    /// Whether `viewer` may know who is in `channel`, as far as those people may be found.
    private static func seeMembers(of channel: Channel, by viewer: Client) -> Bool {
        !channel.modes.contains(.isPrivate) && !channel.modes.contains(.secret) || channel[viewer] != nil || exercise(.auspex, by: viewer)
    }

    /// Whether `viewer` may find `client` by WHO and NAMES without knowing its nickname.
    static func find(_ client: Client, by viewer: Client) -> Bool {
        !client.modes.contains(.invisible) || client === viewer || exercise(.auspex, by: viewer) || shareChannel(client, viewer)
    }

    /// Whether `viewer` may see that `client` is in `channel`.
    static func see(_ client: Client, in channel: Channel, by viewer: Client) -> Bool {
        guard let member = channel[client] else { return false }
        if client === viewer || exercise(.auspex, by: viewer) { return true }
        if let mine = channel[viewer] { return see(member, by: mine, in: channel) }
        return seeMembers(of: channel, by: viewer) && find(client, by: viewer) && !member.isUnseen
            && (!channel.modes.contains(.auditorium) || member.ranks.atLeast(.voice))
    }

    /// Whether one member of `channel` sees another one there, and what it does (modes D and u).
    static func see(_ other: Member, by viewer: Member, in channel: Channel) -> Bool {
        if other.client === viewer.client { return true }
        if other.isUnseen { return false }
        return !channel.modes.contains(.auditorium) || other.ranks.atLeast(.voice) || viewer.ranks.atLeast(.halfop)
    }

    /// Whether WHOIS shows the channels of `client` to `viewer` at all.
    static func seeChannels(of client: Client, by viewer: Client) -> Bool {
        !client.modes.contains(.hideChannels) || client === viewer || exercise(.auspex, by: viewer)
    }

    /// Whether `viewer` may see that `client` is an operator.
    static func seeOperator(_ client: Client, by viewer: Client) -> Bool {
        client.isOperator && (!client.modes.contains(.hideOperator) || client === viewer || viewer.isOperator)
    }

    /// Whether `viewer` may see the address behind the host of `client`.
    static func seeAddress(of client: Client, by viewer: Client) -> Bool {
        client === viewer || exercise(.auspex, by: viewer)
    }

    /// Whether `viewer` may see on which block lists people are.
    static func seeBlockLists(by viewer: Client) -> Bool {
        exercise(.auspex, by: viewer)
    }

    /// Whether `viewer` may see the addresses of those who have left.
    static func seePastAddresses(by viewer: Client) -> Bool {
        exercise(.auspex, by: viewer)
    }

    /// Whether `viewer` may read the key of `channel`.
    static func seeInside(_ channel: Channel, by viewer: Client) -> Bool {
        channel[viewer] != nil || exercise(.auspex, by: viewer)
    }

    /// Whether `viewer` may read what STATS tells besides how long the server is up.
    static func seeStatistics(by viewer: Client) -> Bool {
        exercise(.stats, by: viewer)
    }

    /// Whether `viewer`, who knows the nickname, may learn that `client` is here (MONITOR).
    static func seePresence(of client: Client, by viewer: Client) -> Bool {
        client.isRegistered
    }

    /// Whether `viewer` may follow the changes of `client` that it would find by asking WHOIS again and again (extended-monitor).
    static func follow(_ client: Client, by viewer: Client) -> Bool {
        client !== viewer && seePresence(of: client, by: viewer)
    }

    /// Whether `viewer` may read what `client` tells of itself: whoever knows the nickname may ask WHOIS too.
    static func readMetadata(of client: Client, by viewer: Client) -> Bool {
        client === viewer || client.isRegistered
    }

    /// Whether `viewer` may read what `channel` tells of itself: those inside, and those who could enter without being asked.
    static func readMetadata(of channel: Channel, by viewer: Client) -> Bool {
        if channel[viewer] != nil || exercise(.auspex, by: viewer) { return true }
        return see(channel, by: viewer) && !channel.modes.contains(.inviteOnly) && channel.modes.key == nil
    }

    /// Whether `client` may change what `target` tells of itself.
    static func changeMetadata(of target: MetadataTarget, by client: Client) -> Bool {
        switch target {
        case .person(let person): person === client
        case .channel(let channel): channel[client]?.ranks.atLeast(.op) == true
        }
    }

    /// Whether a member may speak in `channel` under a name from another network.
    static func relay(in channel: Channel, by member: Member) -> Bool {
        member.ranks.atLeast(.op)
    }

    /// Whether a member may give `channel` another name.
    static func rename(_ channel: Channel, by member: Member) -> Bool {
        member.ranks.atLeast(.op)
    }

    /// Whether all that `client` does may be marked as done by an operator (draft/oper-tag): where WHOIS says it too.
    static func tagAsOperator(_ client: Client) -> Bool {
        client.isOperator && !client.modes.contains(.hideOperator)
    }

    private static func shareChannel(_ first: Client, _ second: Client) -> Bool {
        first.channels.values.contains { $0[second] != nil }
    }

    // MARK: Acting

    /// Whether `client` may give itself `mode`. Nobody makes oneself an operator; giving it up is free.
    static func set(_ mode: UserMode, _ on: Bool, by client: Client) -> Bool {
        switch mode {
        case .oper: !on
        case .registered: false
        case .hideOperator: client.isOperator || !on
        case .serverNotices: !on || exercise(.snomasks, by: client)
        default: true
        }
    }

    /// Whether `session`, which is not registered yet, may become one more connection of `client`: only if both are logged in
    /// to one account.
    static func attach(_ session: Session, to client: Client) -> Bool {
        let limits = client.world.configuration.limits
        guard client.isRegistered, let identity = client.identity else { return false }
        guard client.sessions.isEmpty || identity.settings.sharesNick != false else { return false }
        return session.client.identity?.account == identity.account && client.sessions.count < limits.sessions
    }

    /// Whether `session` may log in as `account`: not when that would make other connections somebody else.
    static func logIn(_ session: Session, as account: String) -> Bool {
        session.client.sessions.count == 1 || session.client.identity?.account == account
    }

    /// Whether `session` may make or end what logs in to its account, or end the account: not with a device password, so that one that
    /// was stolen can do no more than speak, and does not outlive its end.
    static func changeCredentials(_ session: Session) -> Bool {
        session.devicePassword == nil
    }

    /// Whether an identity that somebody proves now may open `account` because `session` asked for that: it is there, is not about to be
    /// cut, and speaks for the account as far as that.
    static func link(to account: String, by session: Session) -> Bool {
        session.phase != .closed && session.doom == nil && session.client.identity?.account == account && changeCredentials(session)
    }

    /// Whether an operator may make what logs in to `account`: nobody but its owner speaks for an identity.
    static func makeCredentials(for account: AccountRecord) -> Bool {
        account.did == nil
    }

    /// Whether `client` stays when its last connection ends, as its account and the configuration say.
    static func stay(_ client: Client) -> Bool {
        guard let settings = client.identity?.settings, enter(as: client.identity, client.world.configuration) else { return false }
        switch client.world.configuration.presence.policy {
        case .off: return false
        case .optIn: return settings.staysOn ?? false
        case .optOut: return settings.staysOn ?? true
        case .mandatory: return true
        }
    }

    /// Whether `client` may have `nick`: not when it is that of a service, or reserved for another account.
    static func use(_ nick: Nickname, by client: Client) -> Bool {
        guard Service.named(nick.folded) == nil else { return false }
        guard client.world.configuration.accounts.reservesNicks, let owner = client.world.reservedNicks[nick.folded] else { return true }
        return client.identity.map { CaseMapping.fold($0.account) } == owner
    }

    /// Whether somebody may disconnect `other` to get its nickname: one that is reserved for the account, or a connection of its own.
    /// Administrators may with anybody.
    ///
    /// - Parameter account: of who asks, or in whose place; nil: none.
    static func reclaim(_ other: Client, for account: String?, isAdministrator: Bool) -> Bool {
        if isAdministrator { return true }
        guard let account = account.map(CaseMapping.fold) else { return false }
        let owner = other.nick.flatMap { other.world.reservedNicks[$0.folded] }
        return owner == account || other.identity.map({ CaseMapping.fold($0.account) }) == account
    }

    /// The channel that keeps `client` from changing its nickname; nil: none does. A banned or muted member without a voice
    /// may not, nor one below halfop where the nicknames stand fast (mode N).
    static func channelAgainstRenaming(_ client: Client) -> Channel? {
        client.channels.values.first { channel in
            guard let ranks = channel[client]?.ranks else { return false }
            if channel.modes.contains(.noNickChange), !ranks.atLeast(.halfop) { return true }
            return !ranks.atLeast(.voice) && BanCheck(client).isMuted(in: channel)
        }
    }

    static func changeTopic(of channel: Channel, by member: Member) -> Bool {
        !channel.modes.contains(.topicLock) || member.ranks.atLeast(.halfop)
    }

    static func invite(to channel: Channel, by member: Member) -> Bool {
        !channel.modes.contains(.inviteOnly) || channel.modes.contains(.freeInvite) || member.ranks.atLeast(.halfop)
    }

    /// Whether a member is told who was invited (IRCv3 invite-notify leaves that to the server): those who run the channel.
    static func seeInvitations(by member: Member) -> Bool {
        member.ranks.atLeast(.halfop)
    }

    /// Whether a member may throw anybody out at all. Nobody may where mode Q is set.
    static func kick(by member: Member, from channel: Channel) -> Bool {
        member.ranks.atLeast(.halfop) && !channel.modes.contains(.noKick)
    }

    /// Whether a member may throw another one out: halfops only those below them, nobody somebody of a higher rank.
    static func kick(_ target: Member, by member: Member) -> Bool {
        guard let rank = member.ranks.highest, rank >= .halfop else { return false }
        guard let other = target.ranks.highest else { return true }
        return rank == .halfop ? other < .halfop : other <= rank
    }

    /// Whether `client` may change `mode` as far as the server is concerned: what makes a channel the server's own is for
    /// its operators.
    static func change(_ mode: ChannelMode, by client: Client) -> Bool {
        (mode != .operatorsOnly && mode != .permanent) || exercise(.chanreg, by: client)
    }

    /// Whether a member may change `mode`: flags, key and lists from halfop on; a rank by those who are above it, or at it
    /// from op on.
    static func change(_ mode: ChannelMode, by member: Member) -> Bool {
        guard let highest = member.ranks.highest, highest >= .halfop else { return false }
        guard let rank = MemberRank(mode: mode) else { return true }
        return highest == .halfop ? rank < .halfop : rank <= highest
    }

    /// Whether somebody may act for a registered channel: its founder, those on its access list from `rank` on, and operators of
    /// the server.
    ///
    /// - Parameter client: nil for an administrator.
    static func manage(_ channel: Channel, from rank: MemberRank, by client: Client?) -> Bool {
        guard let client, !exercise(.chanreg, by: client) else { return channel.registration != nil }
        return access(of: client, to: channel).map { $0 >= rank } ?? false
    }

    /// Whether somebody may give or take `rank` on the access list: only below one's own, the founder and operators any.
    static func grant(_ rank: MemberRank, in channel: Channel, by client: Client?) -> Bool {
        guard manage(channel, from: .admin, by: client) else { return false }
        guard let client, !exercise(.chanreg, by: client), let own = access(of: client, to: channel) else { return rank < .founder }
        return rank < own
    }

    /// Whether somebody may take its rank in a registered channel from `target`: not from those as high on the access list.
    ///
    /// - Parameter client: nil for an administrator.
    static func takeRank(from target: Client, in channel: Channel, by client: Client?) -> Bool {
        guard let client, !exercise(.chanreg, by: client), let other = access(of: target, to: channel),
            let own = access(of: client, to: channel)
        else {
            return true
        }
        return other < own
    }

    /// Whether `client` may make `channel` its own: nobody's yet, and it runs it now.
    ///
    /// - Parameter client: nil for an administrator.
    static func register(_ channel: Channel, by client: Client?) -> Bool {
        guard let client else { return channel.registration == nil }
        return channel.registration == nil && (channel[client]?.ranks.atLeast(.op) == true || exercise(.chanreg, by: client))
    }

    /// Whether those who may not enter another channel may be sent on to `channel` by `client`.
    static func forward(to channel: Channel, by client: Client) -> Bool {
        channel[client]?.ranks.atLeast(.op) == true
    }

    /// Whether a member may take a rank from another one: nobody is brought down by somebody below.
    static func demote(_ target: Member, by member: Member) -> Bool {
        guard let rank = member.ranks.highest else { return false }
        return target.ranks.highest.map { $0 <= rank } ?? true
    }

    /// Whether `client` may ask the members of `channel` to be let in.
    static func knock(on channel: Channel, by client: Client) -> Bool {
        see(channel, by: client) && !channel.modes.contains(.noKnock) && !BanCheck(client).isBanned(from: channel)
    }

    /// Whether a member reads what only those who run the channel read: knocks, and the rest with mode U.
    static func readRequests(by member: Member) -> Bool {
        member.ranks.atLeast(.halfop)
    }

    /// Whether `client` may take `message` out of the history: its author, those who run the channel, operators of the server.
    ///
    /// - Parameter channel: where it was said; nil in a direct conversation.
    static func redact(_ message: StoredMessage, in channel: Channel?, by client: Client) -> Bool {
        edit(message, by: client) || exercise(.history, by: client) || channel?[client]?.ranks.atLeast(.halfop) == true
    }

    /// Whether `client` may give `message` another text: its author only.
    static func edit(_ message: StoredMessage, by client: Client) -> Bool {
        message.account.map { $0 == client.identity?.account } ?? (message.connection == client.connectionKey)
    }

    /// Whether a member may pin messages of `channel`.
    static func pin(in channel: Channel, by member: Member) -> Bool {
        member.ranks.atLeast(.halfop)
    }

    /// Whether somebody without a connection to the server may read what is public of `channel`: what everybody could read who
    /// entered it.
    static func readPublicly(_ channel: Channel) -> Bool {
        let modes = channel.modes
        let isClosed = [.secret, .isPrivate, .inviteOnly, .registeredJoin, .operatorsOnly, .secureOnly].contains { modes.contains($0) }
        return !isClosed && modes.key == nil
    }

    /// Whether somebody may read the pins of `channel` over HTTP: those who may read what was said there, and everybody where it is open
    /// and the server is too.
    ///
    /// - Parameter client: nil for somebody without a connection.
    static func readPins(of channel: Channel, by client: Client?, _ configuration: ServerConfiguration) -> Bool {
        if let client { return readHistory(of: channel, by: client) || readPublicly(channel) }
        return readPublicly(channel) && configuration.passwordHash == nil && enter(as: nil, configuration)
    }

    /// Whether `client` may read what was said in the conversation of `channel`.
    static func readHistory(of channel: Channel, by client: Client) -> Bool {
        channel[client] != nil
    }

    /// Whether somebody may read what was said in any channel, without being in it: whoever runs the machine and could read the database
    /// too, and nobody who is on the server.
    ///
    /// - Parameter client: nil for an administrator.
    static func readAllHistory(by client: Client?) -> Bool {
        client == nil
    }

    /// Whether somebody may give services commands in the place of an account.
    ///
    /// - Parameter client: nil for an administrator.
    static func actForOthers(_ client: Client?) -> Bool {
        exercise(.actfor, by: client)
    }

    /// Whether history keeps what `client` does in `channel`: not what some of those who read it were not to see (modes D
    /// and u).
    static func keepEvent(about client: Client, in channel: Channel) -> Bool {
        guard let member = channel[client] else { return true }
        return !member.isUnseen && (!channel.modes.contains(.auditorium) || member.ranks.atLeast(.voice))
    }
}
