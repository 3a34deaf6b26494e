import IRCProtocol
import MainLoop

/// `SETNAME` (IRCv3 setname).
@LoopActor
func setName(_ context: CommandContext) {
    let (world, client) = (context.world, context.client)
    let name = context.message[0] ?? ""
    guard !name.isEmpty, name.utf8.count <= world.configuration.limits.realname else {
        return context.fail(
            .invalidRealname, text: "The real name must have 1 to \(world.configuration.limits.realname) bytes")
    }
    client.realname = name
    world.keep(client)
    let line = world.event(by: client, "SETNAME", text: name)
    client.send(line)
    world.sendToFollowers(of: client, line, with: .setName)
    world.turnAwayIfBanned(client)
}
