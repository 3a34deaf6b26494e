import IRCProtocol
import MainLoop

/// `PING`: answers with the same token.
@LoopActor
func ping(_ context: CommandContext) {
    guard let token = context.message[0], !token.isEmpty else {
        return context.needMoreParameters()
    }
    context.session.send(Line(context.world.configuration.name, "PONG", [context.world.configuration.name], text: token))
}
