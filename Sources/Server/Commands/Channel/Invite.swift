import IRCProtocol
import MainLoop

/// `INVITE` (modern-irc "INVITE message"; IRCv3 invite-notify).
@LoopActor
func invite(_ context: CommandContext) {
    let (world, client) = (context.world, context.client)
    guard let nick = context.message[0] else { return showInvitations(context) }
    guard let name = context.message[1] else { return context.needMoreParameters() }
    guard let other = world.nicknames[CaseMapping.fold(nick)], other.isRegistered else { return context.noSuchNick(nick) }
    guard let (channel, member) = context.channelOfMine(name) else { return }
    guard Permissions.invite(to: channel, by: member) else { return context.operatorNeeded(channel) }
    guard channel[other] == nil else {
        return context.reply(.userOnChannel, other.target, channel.name.text, text: "is already on channel")
    }
    if other.invitations.count >= world.configuration.limits.channelsPerClient { other.invitations.removeFirst() }
    other.invitations.insert(channel.name.folded)
    context.reply(.inviting, other.target, channel.name.text)
    if let away = other.away { context.reply(.away, other.target, text: away) }
    let line = world.event(by: client, "INVITE", [other.target], text: channel.name.text)
    other.send(line)
    world.send(line, to: channel) {
        $0.client !== client && $0.ranks.atLeast(.halfop) && $0.client.capabilities.contains(.inviteNotify)
    }
}

@LoopActor
private func showInvitations(_ context: CommandContext) {
    for folded in context.client.invitations.sorted() {
        guard let channel = context.world.channels[folded] else { continue }
        context.reply(.inviteList, channel.name.text)
    }
    context.reply(.endOfInviteList, text: "End of /INVITE list")
}
