import IRCProtocol
import MainLoop
import NIOCore
package import Store

/// What a program does in channels. It is a member of none: it acts under its own name, which is no nickname.
extension World {
    /// Bytes of what a program says at once.
    package nonisolated static let programTextLimit = 4096

    /// Says something in a channel.
    package func say(
        _ text: String, isNotice: Bool, in name: String, by token: APIToken
    ) throws(ProgramRefusal) -> SaidView {
        guard let channel = channel(name, for: token, .messagesSend) else { throw .noSuchChannel }
        try check(text, "text", limit: Self.programTextLimit)
        guard !text.isEmpty else { throw .senseless("text is empty") }
        let source = token.source(on: configuration.name)
        var utterance = Utterance(
            kind: isNotice ? .notice : .privmsg, target: channel.name.text, text: ByteBuffer(string: text), clientTags: "")
        utterance.isNeverCut = true
        if let refusal = Permissions.speak(utterance, in: channel, by: token, as: source) { throw .refused(refusal.text) }
        if let wait = programPaces.pay(1, for: token.name, configuration.limits, at: clock.uptime) { throw .tooFast(wait: wait) }
        if channel.modes.contains(.noFormatting) { utterance.change(Formatting.stripped) }
        let tags = programTags(token)
        let speech = speech(utterance, source: source, to: channel.name.text, tags: tags)
        counts.said(utterance.kind, inChannel: true)
        let isForAll = Permissions.isHeardByAll(token, in: channel)
        send(speech, to: channel) { member in
            !member.client.modes.contains(.deaf) && (isForAll || Permissions.readRequests(by: member))
        }
        if isForAll, keepsHistory(of: channel) {
            keepAct(utterance.kind, tags, from: source, in: channel, text: String(buffer: utterance.text))
        }
        return SaidView(id: tags.id ?? "", time: ServerTime.format(tags.time ?? 0))
    }

    /// Changes the topic of a channel; an empty one takes it away.
    package func setTopic(_ text: String, of name: String, by token: APIToken) throws(ProgramRefusal) -> ChannelView {
        guard let channel = channel(name, for: token, .channelsAdmin) else { throw .noSuchChannel }
        try check(text, "topic", limit: configuration.limits.topic)
        if text != channel.topic?.text ?? "" {
            let (source, tags) = (token.source(on: configuration.name), programTags(token))
            channel.topic = text.isEmpty ? nil : Topic(text: text, setBy: source, setAt: clock.wallMilliseconds / 1000)
            keep(channel)
            chronicle(.topic, tags, from: source, in: channel, text: text)
            send(Line(source, "TOPIC", [channel.name.text], text: text, tags: tags), to: channel)
            audit("channel.topic", by: token.actor, ["channel": channel.name.text, "topic": text])
        }
        return view(channel)
    }

    /// Throws somebody out of a channel.
    package func kick(_ nick: String, from name: String, reason: String?, by token: APIToken) throws(ProgramRefusal) {
        guard let channel = channel(name, for: token, .channelsAdmin) else { throw .noSuchChannel }
        guard let victim = person(named: nick), channel[victim] != nil else { throw .notInside }
        let reason = reason ?? "No reason given"
        try check(reason, "reason", limit: configuration.limits.kick)
        let (source, tags, target) = (token.source(on: configuration.name), programTags(token), victim.source)
        reveal(victim, in: channel)
        if Permissions.keepEvent(about: victim, in: channel) {
            chronicle(.kick, tags, from: source, in: channel, text: reason, parameters: victim.target)
        }
        let line = Line(source, "KICK", [channel.name.text, victim.target], text: reason, tags: tags)
        send(line, about: victim, to: channel)
        leave(channel, victim)
        audit("channel.kick", by: token.actor, ["target": target, "channel": channel.name.text, "reason": reason])
    }

    /// Disconnects somebody, as KILL does.
    package func disconnect(_ nick: String, reason: String?, by token: APIToken) throws(ProgramRefusal) {
        guard let victim = person(named: nick) else { throw .noSuchPerson }
        let reason = reason ?? "No reason given"
        try check(reason, "reason", limit: configuration.limits.kick)
        let target = victim.source
        victim.send(event("KILL", [victim.target], text: reason))
        end(victim, reason: "Killed (\(token.name) (\(reason)))")
        audit("operator.kill", by: token.actor, ["target": target, "reason": reason])
    }

    /// The name of a channel that the program may close, which need not be there; nil when it is no name, or the token is not for it.
    ///
    /// - Parameter name: with or without `#`.
    package func closableChannel(_ name: String, for token: APIToken) -> String? {
        guard let name = ChannelName(ChannelName.looksLikeChannel(name) ? name : "#" + name, limit: configuration.limits.channel),
            TokenPermissions.use(token, for: .channelsAdmin, in: name.folded)
        else { return nil }
        return name.text
    }

    // MARK: Parts

    /// What goes into a line must be one.
    private func check(_ text: String, _ name: String, limit: Int) throws(ProgramRefusal) {
        guard text.utf8.count <= limit, text.utf8.allSatisfy({ ![0, 10, 13].contains($0) }) else {
            throw .senseless("\(name) has at most \(limit) bytes and no line breaks")
        }
    }

    private func programTags(_ token: APIToken) -> LineTags {
        let time = nextMessageTime()
        var tags = LineTags(time: time, id: MessageID.make(time: time, using: &randomness))
        (tags.isBot, tags.relayedBy) = (true, token.name)
        return tags
    }

    /// Keeps an event as far as history keeps events.
    private func chronicle(
        _ kind: StoredMessage.Kind, _ tags: LineTags, from source: String, in channel: Channel, text: String, parameters: String = ""
    ) {
        guard configuration.history.events, keepsHistory(of: channel) else { return }
        keepAct(kind, tags, from: source, in: channel, text: text, parameters: parameters)
    }
}

/// What a program is told of what it said.
package struct SaidView: Sendable, Encodable, Equatable {
    /// The `msgid`.
    package let id: String
    /// RFC 3339.
    package let time: String
}

extension APIToken {
    /// What stands before what it does in channels.
    func source(on server: String) -> String { "\(name)\(relaySeparator)api!api@\(server)" }
}
