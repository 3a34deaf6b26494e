import IRCProtocol
import MainLoop

/// `INVITE` (modern-irc "INVITE message"; IRCv3 invite-notify).
@LoopActor
func invite(_ context: CommandContext) {
    let (world, client) = (context.world, context.client)
    guard let nick = context.message[0] else { return showInvitations(context) }
    guard let name = context.message[1] else { return context.needMoreParameters() }
    guard let other = context.person(nick), let (channel, member) = context.channelOfMine(name) else { return }
    guard Permissions.invite(to: channel, by: member) else { return context.operatorNeeded(channel) }
    guard channel[other] == nil else {
        return context.reply(.userOnChannel, other.target, channel.name.text, text: "is already on channel")
    }
    other.invitations.add(channel, limit: world.configuration.limits.channelsPerClient)
    context.reply(.inviting, other.target, channel.name.text)
    if let away = other.away { context.reply(.away, other.target, text: away) }
    let line = world.event(by: client, "INVITE", [other.target], text: channel.name.text)
    if !other.silence.catches(client) { other.send(line) }
    world.send(line, to: channel, for: { $0.contains(.inviteNotify) }) { $0.client !== client && Permissions.seeInvitations(by: $0) }
}

@LoopActor
private func showInvitations(_ context: CommandContext) {
    for channel in context.client.invitations.channels { context.reply(.inviteList, channel.name.text) }
    context.reply(.endOfInviteList, text: "End of /INVITE list")
}
