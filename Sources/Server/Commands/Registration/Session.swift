import IRCProtocol
import MainLoop

/// `PING`: answers with the same token.
@LoopActor
func ping(_ context: CommandContext) {
    guard let token = context.message[0], !token.isEmpty else {
        return context.needMoreParameters()
    }
    context.client.send(Line(context.world.configuration.name, "PONG", [context.world.configuration.name], text: token))
}

/// `QUIT`.
@LoopActor
func quit(_ context: CommandContext) {
    let reason = context.message[0].map { $0.truncated(toBytes: context.world.configuration.limits.quit) } ?? ""
    context.world.quit(context.client, reason: reason.isEmpty ? "Client quit" : "Quit: " + reason)
}
