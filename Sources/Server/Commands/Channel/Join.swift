import Accounts
import IRCProtocol
import MainLoop
import Store

/// `JOIN` (modern-irc "JOIN message").
@LoopActor
func join(_ context: CommandContext) {
    guard let names = context.names(0) else { return }
    if names == ["0"] {
        let channels = context.client.channels.values.sorted { $0.name.folded < $1.name.folded }
        for channel in channels { context.world.part(context.client, from: channel, reason: nil) }
        return
    }
    let keys = (context.message[1] ?? "").split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    for (position, name) in names.enumerated() {
        context.join(name, key: position < keys.count ? keys[position] : nil)
    }
}

extension CommandContext {
    fileprivate func join(_ wanted: String, key: String?) {
        guard let name = ChannelName(wanted, limit: world.configuration.limits.channel) else { return refuse(wanted) }
        guard client.channels[name.folded] == nil else { return }
        guard client.channels.count < session.rules.limits.channelsPerClient else {
            return reply(.tooManyChannels, name.text, text: "You have joined too many channels")
        }
        if let purge = world.purges[name.folded] {
            return reply(.bannedFromChannel, name.text, text: "Cannot join channel: closed by the operators (\(purge.reason))")
        }
        if world.namesOnHold.contains(name.folded), world.channels[name.folded] == nil {
            let world = world
            return wait {
                await world.released(name.folded)
            } then: {
                join(wanted, key: key)
            }
        }
        guard let channel = world.channels[name.folded] else {
            guard Permissions.takePart(client, at: world.defense) else {
                return reply(.needRegisteredNick, name.text, text: "Cannot join channel (+R)")
            }
            return world.enter(client, world.channel(name), ranks: MemberRanks(.op))
        }
        guard let refusal = Permissions.join(channel, by: client, key: key, at: world.clock.uptime) else {
            return world.enter(client, channel, ranks: MemberRanks())
        }
        forward(from: channel, because: refusal)
    }

    /// Sends the client on to the channel of mode L, if there is one that it may enter; one step and no further.
    private func forward(from channel: Channel, because refusal: Permissions.JoinRefusal) {
        guard refusal.forwards, let next = channel.modes.forward.flatMap({ world.channels[$0.folded] }), next[client] == nil,
            Permissions.join(next, by: client, key: nil, at: world.clock.uptime) == nil
        else { return refuse(refusal, channel) }
        reply(.linkedChannel, channel.name.text, next.name.text, text: "Forwarding to another channel")
        world.enter(client, next, ranks: MemberRanks())
    }

    /// What begins like a channel has a mistake in it; anything else is no channel at all.
    private func refuse(_ name: String) {
        guard ChannelName.looksLikeChannel(name) else { return noSuchChannel(name) }
        reply(.badChannelMask, name.asParameter, text: "Bad Channel Mask")
    }

    private func refuse(_ refusal: Permissions.JoinRefusal, _ channel: Channel) {
        if let entry = Permissions.keptOut(client, of: channel) {
            return reply(.bannedFromChannel, channel.name.text, text: "Cannot join channel (\(entry.reason))")
        }
        let (numeric, mode) = refusal.answer
        reply(numeric, channel.name.text, text: "Cannot join channel (+\(mode.rawValue))")
    }
}

extension World {
    /// Topic and members, as whoever enters sees them.
    func describe(_ channel: Channel, to session: Session) {
        if let topic = channel.topic { show(topic, of: channel, to: session) }
        if session.capabilities.contains(.readMarker) {
            session.send(readMarker(of: session.client, channel.name.text, key: channel.name.folded))
        }
        guard !session.capabilities.contains(.noImplicitNames), !session.capabilities.contains(.noImplicitNamesDraft) else { return }
        showNames(of: channel, to: session)
    }

    /// The channel of this name; a new one when there is none.
    func channel(_ name: ChannelName) -> Channel {
        if let channel = channels[name.folded] { return channel }
        let channel = Channel(name: name, createdAt: clock.wallMilliseconds / 1000)
        channels[name.folded] = channel
        return channel
    }

    /// Gives a member the rank that its account has in `channel`, when it does not have it yet.
    func grantAccess(_ client: Client, in channel: Channel) {
        guard let rank = Permissions.access(of: client, to: channel), channel[client]?.ranks.contains(rank) == false else { return }
        changeVisibility(of: client, in: channel) { _ = channel.setRank(rank, true, of: client) }
        announceRank(rank, of: client, in: channel)
        keep(client)
    }

    private func announceRank(_ rank: MemberRank, of client: Client, in channel: Channel) {
        send(event("MODE", [channel.name.text, "+\(rank.mode.rawValue)", client.target]), about: client, to: channel)
    }

    /// Puts `client` into `channel`, tells everybody there, and shows the channel to it.
    func enter(_ client: Client, _ channel: Channel, ranks: MemberRanks) {
        client.invitations.remove(channel)
        if let rate = channel.modes.joinFlood { channel.joins.note(rate, at: clock.uptime) }
        let access = Permissions.access(of: client, to: channel)
        var ranks = ranks
        if let access { ranks.insert(access) }
        channel.add(client, ranks: ranks)
        client.channels[channel.name.folded] = channel
        if channel.modes.contains(.delayedJoin), ranks.highest == nil { channel.update(client) { $0.isUnseen = true } }
        let tags = chronicle(.join, in: channel, by: client, [client.identity?.account ?? "*"], text: client.realname)
        showJoin(of: client, to: channel, tags: tags) { [me = channel[client]] viewer in
            me.map { Permissions.see($0, by: viewer, in: channel) } ?? false
        }
        if let access { announceRank(access, of: client, in: channel) }
        for session in client.sessions {
            describe(channel, to: session)
            tellOfHistory(channel, to: session)
            replayOnJoin(channel, to: session)
        }
        exchangeMetadata(of: client, in: channel)
    }
}
