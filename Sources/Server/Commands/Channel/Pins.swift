import IRCProtocol
import MainLoop
import Store

/// `PIN <channel> <msgid>`: keeps a message in sight (freeq clients).
@LoopActor
func pin(_ context: CommandContext) {
    guard let (channel, id) = context.pinTarget() else { return }
    guard !channel.pins.contains(where: { $0.id == id }) else {
        return context.fail(.alreadyPinned, channel.name.text, id, text: "The message is pinned already")
    }
    context.find(id, in: HistoryPlace(channel)) { found in
        guard case .success(let message?) = found, message.kind.isSpoken else {
            return context.fail(.messageNotFound, channel.name.text, id, text: "There is no such message")
        }
        guard context.pinTarget()?.channel === channel else { return }
        guard channel.pins.count < Pin.limit else {
            return context.fail(.limitReached, channel.name.text, text: "At most \(Pin.limit) messages can be pinned")
        }
        let pin = Pin(id: message.root, pinnedBy: context.client.target, pinnedAt: context.world.clock.wallMilliseconds / 1000)
        guard !channel.pins.contains(where: { $0.id == pin.id }) else { return }
        channel.pins.append(pin)
        context.announcePin(in: channel, .pin, pin.id, "pinned a message")
    }
}

/// `UNPIN <channel> <msgid>`.
@LoopActor
func unpin(_ context: CommandContext) {
    guard let (channel, id) = context.pinTarget() else { return }
    guard channel.pins.contains(where: { $0.id == id }) else {
        return context.fail(.messageNotFound, channel.name.text, id, text: "The message is not pinned")
    }
    channel.pins.removeAll { $0.id == id }
    context.announcePin(in: channel, .unpin, id, "unpinned a message")
}

/// `PINS <channel>`: lists them to those who may read the history.
@LoopActor
func pins(_ context: CommandContext) {
    guard let channel = context.channelInSight(context.message[0] ?? "") else { return }
    guard Permissions.readHistory(of: channel, by: context.client) else { return context.notOnChannel(channel) }
    for pin in channel.pins { context.notice("PIN \(channel.name.text) \(pin.id) by \(pin.pinnedBy) \(pin.pinnedAt)") }
    context.notice("End of the pins of \(channel.name.text)")
}

extension CommandContext {
    /// The channel and the message that a command names, if the client may pin there; answers otherwise.
    fileprivate func pinTarget() -> (channel: Channel, id: String)? {
        guard let (channel, member) = channelOfMine(message[0] ?? "") else { return nil }
        guard Permissions.pin(in: channel, by: member) else {
            operatorNeeded(channel)
            return nil
        }
        return (channel, (message[1] ?? "").asParameter)
    }

    fileprivate func announcePin(in channel: Channel, _ tag: ServerTag, _ id: String, _ text: String) {
        world.keep(channel)
        var line = world.event(by: client, "NOTICE", [channel.name.text], text: "\u{1}ACTION \(text)\u{1}")
        line.tags.clientOnly = "\(tag.rawValue)=\(TagSection.escape(id))"
        world.send(line, to: channel)
    }
}

extension World {
    /// Deleted messages are pinned no more.
    func unpin(_ ids: [String], in channel: Channel) {
        guard channel.pins.contains(where: { ids.contains($0.id) }) else { return }
        channel.pins.removeAll { ids.contains($0.id) }
        keep(channel)
    }
}
