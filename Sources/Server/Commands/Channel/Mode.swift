import IRCProtocol
import MainLoop

/// `MODE` of a channel or of oneself (modern-irc "MODE message").
@LoopActor
func mode(_ context: CommandContext) {
    let target = context.message[0] ?? ""
    if ChannelName.looksLikeChannel(target) { channelMode(context, target) } else { userMode(context, target) }
}

@LoopActor
private func channelMode(_ context: CommandContext, _ name: String) {
    guard let channel = context.channelInSight(name) else { return }
    guard let letters = context.message[1], !letters.isEmpty else {
        let text = channel.modes.text(showingKey: Permissions.seeInside(channel, by: context.client))
        context.reply(.channelModeIs, [channel.name.text] + text)
        return context.reply(.creationTime, channel.name.text, String(channel.createdAt))
    }
    let request = ChannelModeRequest(letters: letters, parameters: Array(context.message.parameters.dropFirst(2)))
    for letter in request.unknown.prefix(3) {
        context.reply(.unknownMode, String(letter).asParameter, text: "is unknown mode char to me")
    }
    for mode in request.missingParameter.prefix(3) {
        context.invalid(mode, nil, in: channel, "You must specify a parameter for this mode")
    }
    var editor = ChannelModeEditor(context: context, channel: channel)
    for change in request.changes.prefix(ChannelModeEditor.changeLimit) { editor.apply(change) }
    editor.announce()
}

@LoopActor
private func userMode(_ context: CommandContext, _ nick: String) {
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
        switch UserMode(rawValue: letter) {
        case _ where letter == "+" || letter == "-": adding = letter == "+"
        case .invisible: if client.modes.set(.invisible, adding) { text.append(adding: adding, letter: letter) }
        // Nobody makes oneself an operator; giving it up is free.
        case .oper: if !adding, client.modes.set(.oper, false) { text.append(adding: false, letter: letter) }
        case .registered: break
        case nil: isUnknown = true
        }
    }
    if isUnknown { context.reply(.unknownUserModeFlag, text: "Unknown MODE flag") }
    if !text.isEmpty { client.send(world.event(by: client, "MODE", [client.target], text: text.letters)) }
}

extension CommandContext {
    /// 696. A nil parameter was not given.
    func invalid(_ mode: ChannelMode, _ parameter: String?, in channel: Channel, _ text: String) {
        reply(.invalidModeParam, channel.name.text, String(mode.rawValue), (parameter ?? "").asParameter, text: text)
    }
}
