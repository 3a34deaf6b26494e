import Accounts
import IRCProtocol
import MainLoop

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
        guard client.channels.count < world.configuration.limits.channelsPerClient else {
            return reply(.tooManyChannels, name.text, text: "You have joined too many channels")
        }
        guard let channel = world.channels[name.folded] else { return found(name) }
        if let refusal = Permissions.join(channel, by: client, key: key) { return refuse(refusal, channel) }
        world.enter(client, channel, ranks: MemberRanks())
    }

    private func found(_ name: ChannelName) {
        let channel = Channel(name: name, createdAt: world.clock.wallMilliseconds / 1000)
        world.channels[name.folded] = channel
        // Whoever is known can be found again, and so can own a channel; a guest only runs it.
        world.enter(client, channel, ranks: client.identity == nil ? MemberRanks(.op) : MemberRanks(.founder, .op))
    }

    /// What begins like a channel has a mistake in it; anything else is no channel at all.
    private func refuse(_ name: String) {
        guard ChannelName.looksLikeChannel(name) else { return noSuchChannel(name) }
        reply(.badChannelMask, name.asParameter, text: "Bad Channel Mask")
    }

    private func refuse(_ refusal: Permissions.JoinRefusal, _ channel: Channel) {
        let (numeric, mode): (Numeric, String) =
            switch refusal {
            case .banned: (.bannedFromChannel, "b")
            case .inviteOnly: (.inviteOnlyChannel, "i")
            case .badKey: (.badChannelKey, "k")
            case .full: (.channelIsFull, "l")
            }
        reply(numeric, channel.name.text, text: "Cannot join channel (+\(mode))")
    }
}

extension World {
    /// Puts `client` into `channel`, tells everybody there, and shows the channel to it.
    func enter(_ client: Client, _ channel: Channel, ranks: MemberRanks) {
        client.invitations.remove(channel)
        channel.add(client, ranks: ranks)
        client.channels[channel.name.folded] = channel
        let plain = event(by: client, "JOIN", [channel.name.text])
        let extended = event(by: client, "JOIN", [channel.name.text, client.identity?.account ?? "*"], text: client.realname)
        send(plain, to: channel) { !$0.client.capabilities.contains(.extendedJoin) }
        send(extended, to: channel) { $0.client.capabilities.contains(.extendedJoin) }
        if let away = client.away {
            send(event(by: client, "AWAY", text: away), to: channel) {
                $0.client !== client && $0.client.capabilities.contains(.awayNotify)
            }
        }
        if let topic = channel.topic { show(topic, of: channel, to: client) }
        showNames(of: channel, to: client)
    }
}
