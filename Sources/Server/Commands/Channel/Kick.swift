import IRCProtocol
import MainLoop

/// `KICK` (modern-irc "KICK message"): several people at once; each is judged alone.
@LoopActor
func kick(_ context: CommandContext) {
    let (world, client) = (context.world, context.client)
    guard let (channel, member) = context.channelOfMine(context.message[0] ?? "") else { return }
    guard member.ranks.atLeast(.halfop) else { return context.operatorNeeded(channel) }
    let comment = context.message[2].flatMap { $0.isEmpty ? nil : $0 } ?? client.target
    let reason = comment.truncated(toBytes: world.configuration.limits.kick)
    for name in (context.message[1] ?? "").split(separator: ",") {
        guard let victim = world.nicknames[CaseMapping.fold(name)], victim.isRegistered else {
            context.noSuchNick(String(name))
            continue
        }
        guard let target = channel[victim] else {
            context.reply(.userNotInChannel, victim.target, channel.name.text, text: "They aren't on that channel")
            continue
        }
        guard let member = channel[client], Permissions.kick(target, by: member) else {
            context.operatorNeeded(channel)
            continue
        }
        world.send(world.event(by: client, "KICK", [channel.name.text, victim.target], text: reason), to: channel)
        world.leave(channel, victim)
    }
}
