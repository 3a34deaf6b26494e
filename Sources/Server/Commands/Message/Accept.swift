import IRCProtocol
import MainLoop

/// `ACCEPT` (the callerid of the ircd-hybrid family): `ACCEPT nick,-nick`, `ACCEPT *` lists. For user modes g, R and Z.
@LoopActor
func accept(_ context: CommandContext) {
    let (world, client) = (context.world, context.client)
    guard let items = context.names(0) else { return }
    for item in items {
        if item == "*" {
            for nick in client.accepted.nicknames { context.reply(.acceptList, nick) }
            context.reply(.endOfAcceptList, text: "End of /ACCEPT list")
        } else if item.hasPrefix("-") {
            let nick = String(item.dropFirst())
            if client.accepted.remove(nick, world.nicknames[CaseMapping.fold(nick)]) {
                world.keep(client)
            } else {
                context.reply(.acceptMissing, nick.asParameter, text: "is not on your accept list")
            }
        } else {
            context.accept(String(item.drop { $0 == "+" }))
        }
    }
}

extension CommandContext {
    fileprivate func accept(_ nick: String) {
        guard let other = person(nick) else { return }
        guard !client.accepted.contains(other) else {
            return reply(.acceptExists, other.target, text: "is already on your accept list")
        }
        guard client.accepted.count < world.configuration.limits.accept else {
            return reply(.acceptFull, text: "Accept list is full")
        }
        client.accepted.add(other)
        world.keep(client)
    }
}
