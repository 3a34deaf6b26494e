import IRCProtocol
import MainLoop
import Store

/// `KICK` (modern-irc "KICK message"; RFC 2812 section 3.2.8): several people out of one channel, or each out of one of
/// as many channels. Everybody is judged alone.
@LoopActor
func kick(_ context: CommandContext) {
    guard let channels = context.names(0), let nicks = context.names(1) else { return }
    guard channels.count == 1 || channels.count == nicks.count else { return context.needMoreParameters() }
    let comment = context.message[2].flatMap { $0.isEmpty ? nil : $0 } ?? context.client.target
    let reason = comment.truncated(toBytes: context.world.configuration.limits.kick)
    guard channels.count > 1 else { return context.kick(nicks, from: channels[0], reason: reason) }
    for (channel, nick) in zip(channels, nicks) { context.kick([nick], from: channel, reason: reason) }
}

extension CommandContext {
    fileprivate func kick(_ nicks: [String], from name: String, reason: String) {
        for nick in nicks {
            // Looked up each time: one may throw oneself out, and with that be done.
            guard let (channel, member) = channelOfMine(name) else { return }
            guard Permissions.kick(by: member, from: channel) else { return operatorNeeded(channel) }
            guard let victim = person(nick), let target = self.member(victim, of: channel) else { continue }
            guard Permissions.kick(target, by: member) else {
                operatorNeeded(channel)
                continue
            }
            world.reveal(victim, in: channel)
            let line = world.event(.kick, in: channel, by: client, about: victim, [victim.target], text: reason)
            world.send(line, about: victim, to: channel)
            world.leave(channel, victim)
        }
    }
}
