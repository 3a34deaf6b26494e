import IRCProtocol
import MainLoop

/// `MODE` of a person (modern-irc "User mode").
@LoopActor
func userMode(_ context: CommandContext, _ nick: String) {
    let (world, client) = (context.world, context.client)
    guard let other = context.person(nick) else { return }
    guard other === client else {
        return context.reply(.usersDontMatch, text: "Can't change mode for other users")
    }
    guard let letters = context.message[1], !letters.isEmpty else {
        return context.reply(.userModeIs, client.modes.text)
    }
    var (adding, text, isUnknown) = (true, ModeText(), false)
    for letter in letters {
        if letter == "+" || letter == "-" {
            adding = letter == "+"
        } else if let mode = UserMode(rawValue: letter) {
            guard Permissions.set(mode, adding, by: client) else { continue }
            if mode == .oper { client.operatesAs = nil }
            if client.modes.set(mode, adding) { text.append(adding: adding, letter: letter) }
        } else {
            isUnknown = true
        }
    }
    if isUnknown { context.reply(.unknownUserModeFlag, text: "Unknown MODE flag") }
    guard !text.isEmpty else { return }
    world.keep(client)
    client.send(world.event(by: client, "MODE", [client.target], text: text.letters))
}
