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

/// `SETNAME` (IRCv3 setname).
@LoopActor
func setName(_ context: CommandContext) {
    let (world, client) = (context.world, context.client)
    let name = context.message[0] ?? ""
    guard !name.isEmpty, name.utf8.count <= world.configuration.limits.realname else {
        return context.fail(
            "INVALID_REALNAME", text: "The real name must have 1 to \(world.configuration.limits.realname) bytes")
    }
    client.realname = name
    let line = world.event(by: client, "SETNAME", text: name)
    client.send(line)
    world.sendToPeers(of: client, line) { $0.contains(.setName) }
}

extension String {
    /// The longest beginning that fits into `limit` bytes and ends with a whole character.
    func truncated(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: limit)
        while end > startIndex, utf8[end] & 0xC0 == 0x80 { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
