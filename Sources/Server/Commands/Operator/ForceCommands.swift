import IRCProtocol
import Logging
import MainLoop

/// `SAJOIN`: puts somebody into channels, whatever stands in the way.
@LoopActor
func forceJoin(_ context: CommandContext) {
    let world = context.world
    guard let victim = context.person(context.message[0] ?? ""), let names = context.names(1) else { return }
    for name in names {
        guard let name = ChannelName(name, limit: world.configuration.limits.channel) else {
            context.noSuchChannel(name)
            continue
        }
        guard victim.channels[name.folded] == nil, !world.namesOnHold.contains(name.folded) else { continue }
        if let purge = world.purges[name.folded] {
            context.reply(.bannedFromChannel, name.text, text: "Cannot join channel: closed by the operators (\(purge.reason))")
            continue
        }
        world.enter(victim, world.channel(name), ranks: MemberRanks())
        world.audit("operator.sajoin", by: context.client, ["target": victim.source, "channel": name.text])
    }
}

/// `SAPART`: takes somebody out of channels.
@LoopActor
func forcePart(_ context: CommandContext) {
    let world = context.world
    guard let victim = context.person(context.message[0] ?? ""), let names = context.names(1) else { return }
    let reason = context.message[2].flatMap { $0.isEmpty ? nil : $0.truncated(toBytes: world.configuration.limits.kick) }
    for name in names {
        guard let channel = world.channels[CaseMapping.fold(name)] else {
            context.noSuchChannel(name)
            continue
        }
        guard context.member(victim, of: channel) != nil else { continue }
        world.part(victim, from: channel, reason: reason)
        world.audit("operator.sapart", by: context.client, ["target": victim.source, "channel": channel.name.text, "reason": reason ?? ""])
    }
}

/// `SANICK`: gives somebody another nickname.
@LoopActor
func forceNick(_ context: CommandContext) {
    let world = context.world
    guard let victim = context.person(context.message[0] ?? "") else { return }
    let wanted = context.message[1] ?? ""
    guard let nick = Nickname(wanted, limit: world.configuration.limits.nick) else {
        return context.reply(.erroneousNickname, wanted.asParameter, text: "Erroneous nickname")
    }
    guard Service.named(nick.folded) == nil else {
        return context.reply(.erroneousNickname, nick.text, text: "Erroneous nickname: it is that of a service")
    }
    if let owner = world.nicknames[nick.folded], owner !== victim {
        return context.nicknameInUse(nick)
    }
    let before = victim.source
    world.rename(victim, to: nick)
    world.audit("operator.sanick", by: context.client, ["target": before, "nick": nick.text])
}

/// `SAMODE`: changes modes of a channel as if one ran it.
@LoopActor
func forceMode(_ context: CommandContext) {
    guard let channel = context.channelInSight(context.message[0] ?? ""), let letters = context.message[1] else { return }
    let parameters = Array(context.message.parameters.dropFirst(2))
    context.changeModes(of: channel, letters, parameters, overriding: true)
    context.world.audit(
        "operator.samode", by: context.client,
        ["channel": channel.name.text, "modes": ([letters] + parameters).joined(separator: " ")])
}
