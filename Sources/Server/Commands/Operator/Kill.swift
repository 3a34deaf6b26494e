import IRCProtocol
import Logging
import MainLoop

/// `KILL` (modern-irc "KILL message").
@LoopActor
func kill(_ context: CommandContext) {
    let (world, client) = (context.world, context.client)
    let name = context.message[0] ?? ""
    if CaseMapping.fold(name) == CaseMapping.fold(world.configuration.name) {
        return context.reply(.cantKillServer, text: "You can't kill a server!")
    }
    guard let victim = context.person(name) else { return }
    let reason =
        context.message[1].flatMap { $0.isEmpty ? nil : $0.truncated(toBytes: world.configuration.limits.kick) } ?? "No reason given"
    victim.send(world.event(by: client, "KILL", [victim.target], text: reason))
    world.end(victim, reason: "Killed (\(client.target) (\(reason)))")
    world.audit("operator.kill", by: client, ["target": victim.source, "reason": reason])
}
