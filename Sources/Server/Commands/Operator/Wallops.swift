import IRCProtocol
import Logging
import MainLoop

/// `WALLOPS` (modern-irc "WALLOPS message"): to everybody with user mode w.
@LoopActor
func wallops(_ context: CommandContext) {
    let (world, client) = (context.world, context.client)
    guard let text = context.message[0], !text.isEmpty else { return context.needMoreParameters() }
    let line = world.event(by: client, "WALLOPS", text: text)
    for other in world.clients.values where other.modes.contains(.wallops) { other.send(line) }
    world.audit("operator.wallops", by: client, ["text": text])
}
