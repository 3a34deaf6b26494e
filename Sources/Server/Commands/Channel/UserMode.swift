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
    var asksForMask = false
    var parameters = context.message.parameters.dropFirst(2)
    for letter in letters {
        if letter == "+" || letter == "-" {
            adding = letter == "+"
        } else if let mode = UserMode(rawValue: letter) {
            let parameter = mode == .serverNotices ? parameters.popFirst() : nil
            guard Permissions.set(mode, adding, by: client) else {
                if mode == .serverNotices, client.isOperator { context.privilegeNeeded(.snomasks) }
                continue
            }
            if mode == .serverNotices {
                let before = client.notices
                context.changeNotices(adding: adding, parameter)
                if before.isEmpty != client.notices.isEmpty { text.append(adding: !client.notices.isEmpty, letter: letter) }
                asksForMask = true
                continue
            }
            if mode == .oper {
                client.operatesAs = nil
                if !client.notices.isEmpty { text.append(adding: false, letter: "s") }
                world.setNotices(NoticeMask(), of: client)
            }
            if client.modes.set(mode, adding) { text.append(adding: adding, letter: letter) }
        } else {
            isUnknown = true
        }
    }
    if asksForMask { context.session.send(world.noticeMaskLine(of: client)) }
    if isUnknown { context.reply(.unknownUserModeFlag, text: "Unknown MODE flag") }
    guard !text.isEmpty else { return }
    world.keep(client)
    client.send(world.event(by: client, "MODE", [client.target], text: text.letters))
}

extension CommandContext {
    /// `+s` is the mask that the class has, `+s ck` adds to what there is, `-s` takes all of it off.
    fileprivate func changeNotices(adding: Bool, _ parameter: String?) {
        var mask = client.notices
        guard let parameter, !parameter.isEmpty else {
            return world.setNotices(adding ? world.defaultNotices(of: client) : NoticeMask(), of: client)
        }
        let unknown = mask.change(parameter, adding: adding)
        if !unknown.isEmpty { notice("There are no notices \(unknown.asParameter); MODE \(client.target) +s * shows all there are") }
        world.setNotices(mask, of: client)
    }
}
