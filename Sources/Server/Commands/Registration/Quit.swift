import IRCProtocol
import MainLoop

/// `QUIT`.
@LoopActor
func quit(_ context: CommandContext) {
    let reason = context.message[0].map { $0.truncated(toBytes: context.world.configuration.limits.quit) } ?? ""
    context.world.close(context.session, reason: reason.isEmpty ? "Client quit" : "Quit: " + reason)
}
