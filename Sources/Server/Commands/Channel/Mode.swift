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
    context.changeModes(of: channel, letters, Array(context.message.parameters.dropFirst(2)), overriding: false)
}

extension CommandContext {
    /// Carries out `+ov-b alice bob mask`.
    ///
    /// - Parameter isOverriding: whether an operator of the server does it, without a rank of its own.
    func changeModes(of channel: Channel, _ letters: String, _ parameters: [String], overriding isOverriding: Bool) {
        let request = ChannelModeRequest(letters: letters, parameters: parameters)
        for letter in request.unknown.prefix(3) {
            reply(.unknownMode, String(letter).asParameter, text: "is unknown mode char to me")
        }
        for mode in request.missingParameter.prefix(3) {
            invalid(mode, nil, in: channel, "You must specify a parameter for this mode")
        }
        var editor = ChannelModeEditor(context: self, channel: channel, overriding: isOverriding)
        for change in request.changes.prefix(ChannelModeEditor.changeLimit) { editor.apply(change) }
        editor.announce()
    }

    /// 696. A nil parameter was not given.
    func invalid(_ mode: ChannelMode, _ parameter: String?, in channel: Channel, _ text: String) {
        reply(.invalidModeParam, channel.name.text, String(mode.rawValue), (parameter ?? "").asParameter, text: text)
    }
}
