import IRCProtocol
import MainLoop

/// `QUIT`.
@LoopActor
func quit(_ context: CommandContext) {
    let reason = context.message[0].map { $0.truncated(toBytes: context.world.configuration.limits.quit) } ?? ""
    let text = reason.isEmpty || !context.mayLeave(reason) ? "Client quit" : "Quit: " + reason
    // It is told in the words that the others read; while it has other connections, nobody else is told.
    if context.session.isRegistered { context.session.write(context.world.event(by: context.client, "QUIT", text: text)) }
    context.world.close(context.session, reason: text, as: .quit)
}
