import IRCProtocol
import MainLoop

/// `USER` (modern-irc "USER message"). The user name gets a `~`, because nothing vouches for it.
@LoopActor
func user(_ context: CommandContext) {
    let (world, client) = (context.world, context.client)
    guard !context.session.hasUser else {
        return context.reply(.alreadyRegistered, text: "You may not reregister")
    }
    let allowed = (context.message[0] ?? "").unicodeScalars.filter {
        $0.isASCII && ($0.properties.isAlphabetic || "0123456789-_.".unicodeScalars.contains($0))
    }
    guard let realname = context.message[3], !realname.isEmpty else { return context.needMoreParameters() }
    guard !allowed.isEmpty else {
        return context.reply(.invalidUsername, text: "Your user name has no character that can be used")
    }
    client.user = "~" + String(String.UnicodeScalarView(allowed.prefix(world.configuration.limits.user)))
    client.realname = realname.truncated(toBytes: world.configuration.limits.realname)
    context.session.hasUser = true
    world.completeRegistration(of: context.session)
}
