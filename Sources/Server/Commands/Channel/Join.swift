import Accounts
import IRCProtocol
import MainLoop

/// `JOIN` (modern-irc "JOIN message").
@LoopActor
func join(_ context: CommandContext) {
    let names = (context.message[0] ?? "").split(separator: ",").map(String.init)
    guard !names.isEmpty else { return context.needMoreParameters() }
    if names == ["0"] {
        for channel in Array(context.client.channels.values) { context.world.part(context.client, from: channel, reason: nil) }
        return
    }
    let keys = (context.message[1] ?? "").split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    for (position, name) in names.enumerated() {
        context.join(name, key: position < keys.count ? keys[position] : nil)
    }
}

extension CommandContext {
    fileprivate func join(_ wanted: String, key: String?) {
        guard let name = ChannelName(wanted, limit: world.configuration.limits.channel) else { return noSuchChannel(wanted) }
        guard client.channels[name.folded] == nil else { return }
        guard client.channels.count < world.configuration.limits.channelsPerClient else {
            return reply(.tooManyChannels, name.text, text: "You have joined too many channels")
        }
        guard let channel = world.channels[name.folded] else {
            let channel = Channel(name: name, createdAt: world.clock.wallMilliseconds / 1000)
            world.channels[name.folded] = channel
            // Whoever is known can be found again, and so can own a channel; a guest only runs it.
            return world.enter(client, channel, ranks: client.identity == nil ? MemberRanks(.op) : MemberRanks(.founder, .op))
        }
        if let refusal = Permissions.join(channel, by: client, key: key) { return refuse(refusal, channel) }
        world.enter(client, channel, ranks: MemberRanks())
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
        client.invitations.remove(channel.name.folded)
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

    /// Takes `client` out of `channel` and tells everybody there, it too.
    func part(_ client: Client, from channel: Channel, reason: String?) {
        send(event(by: client, "PART", [channel.name.text], text: reason), to: channel)
        leave(channel, client)
    }
}

/// `PART` (modern-irc "PART message").
@LoopActor
func part(_ context: CommandContext) {
    let reason = context.message[1].flatMap { $0.isEmpty ? nil : $0.truncated(toBytes: context.world.configuration.limits.quit) }
    for name in (context.message[0] ?? "").split(separator: ",") {
        guard let (channel, _) = context.channelOfMine(String(name)) else { continue }
        context.world.part(context.client, from: channel, reason: reason)
    }
}
