import IRCProtocol
import MainLoop

/// `QUIT`.
@LoopActor
func quit(_ context: CommandContext) {
    let reason = context.message[0].map { $0.truncated(toBytes: context.world.configuration.limits.quit) } ?? ""
    let text = reason.isEmpty ? "Client quit" : "Quit: " + reason
    // Nobody sees one of several connections go; it is told itself, in the words that the others would have read.
    if context.client.sessions.count > 1 { context.session.write(context.world.event(by: context.client, "QUIT", text: text)) }
    context.world.close(context.session, reason: text)
}
