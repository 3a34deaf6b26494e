import Accounts
import IRCProtocol
import MainLoop
import NIOCore
import Store

/// PRIVMSG, NOTICE and TAGMSG (modern-irc "Sending Messages", IRCv3 message-tags, echo-message).
@LoopActor
func say(_ context: CommandContext, _ kind: StoredMessage.Kind) {
    let message = context.message
    guard let targets = message[0], !targets.isEmpty else {
        guard kind != .notice else { return }
        return context.reply(.noRecipient, text: "No recipient given (\(message.verb))")
    }
    guard kind == .tagmsg || message.length(1) > 0 else {
        guard kind != .notice else { return }
        return context.reply(.noTextToSend, text: "No text to send")
    }
    let names = targets.split(separator: ",", omittingEmptySubsequences: true)
    guard names.count <= context.world.configuration.limits.targets else {
        return context.reply(
            .tooManyTargets, targets.isSafeParameter ? targets : "*",
            text: "Too many targets; at most \(context.world.configuration.limits.targets) at a time")
    }
    let clientTags = context.client.capabilities.contains(.messageTags) ? message.tags?.clientOnly ?? "" : ""
    // A TAGMSG without a tag says nothing, and nobody could see it.
    guard kind != .tagmsg || !clientTags.isEmpty else { return }
    for name in names {
        let utterance = Utterance(kind: kind, target: String(name), text: message.bytes(1) ?? ByteBuffer(), clientTags: clientTags)
        if ChannelName.looksLikeChannel(name.drop { MemberRank(prefix: $0) != nil }) {
            context.sayInChannel(utterance)
        } else {
            context.sayToPerson(utterance)
        }
    }
}

/// One message to one target.
struct Utterance {
    let kind: StoredMessage.Kind
    /// As the client wrote it: `#c`, `@#c` or a nickname.
    let target: String
    let text: ByteBuffer
    /// Client-only tags, raw.
    let clientTags: String
}

extension CommandContext {
    fileprivate func sayInChannel(_ utterance: Utterance) {
        let prefix = utterance.target.first.flatMap { MemberRank(prefix: $0) }
        let name = utterance.target.drop { MemberRank(prefix: $0) != nil }
        guard let channel = world.channels[CaseMapping.fold(name)] else {
            return refuse(utterance, .noSuchChannel, "No such channel")
        }
        guard Permissions.speak(in: channel, by: client) else {
            return refuse(utterance, .cannotSendToChannel, "Cannot send to channel")
        }
        let target = prefix.map { String($0.prefix) } ?? ""
        let line = line(utterance, to: target + channel.name.text)
        let needsTags = utterance.kind == .tagmsg
        world.send(line, to: channel) { member in
            member.client !== client && (prefix.map { member.ranks.atLeast($0) } ?? true)
                && (!needsTags || member.client.capabilities.contains(.messageTags))
        }
        echo(line)
        // What was meant for a part of the members is not for all who may read the history.
        if prefix == nil { world.record(utterance, line, by: client, in: Conversation.channel(channel.name.folded), recipient: nil) }
    }

    fileprivate func sayToPerson(_ utterance: Utterance) {
        guard let other = world.nicknames[CaseMapping.fold(utterance.target)], other.isRegistered else {
            return refuse(utterance, .noSuchNick, "No such nick/channel")
        }
        let line = line(utterance, to: other.target)
        // What one tells oneself is delivered like any message; only the echo is a part of the answer.
        if utterance.kind != .tagmsg || other.capabilities.contains(.messageTags) { other.write(line) }
        echo(line)
        if utterance.kind == .privmsg, let away = other.away {
            reply(.away, other.target, text: away)
        }
        let conversation = Conversation.direct(client.correspondent, other.correspondent)
        world.record(utterance, line, by: client, in: conversation, recipient: other.target)
    }

    private func line(_ utterance: Utterance, to target: String) -> Line {
        let time = world.nextMessageTime()
        let tags = LineTags(
            time: time, id: MessageID.make(time: time, using: &world.randomness), account: client.identity?.account,
            clientOnly: utterance.clientTags)
        if utterance.kind == .tagmsg { return Line(client.source, "TAGMSG", [target], tags: tags) }
        return Line(client.source, message.verb.text, [target], bytes: utterance.text, tags: tags)
    }

    private func echo(_ line: Line) {
        guard client.capabilities.contains(.echoMessage) else { return }
        client.send(line)
    }

    /// A NOTICE is never answered (RFC 2812 section 3.3.2).
    private func refuse(_ utterance: Utterance, _ numeric: Numeric, _ text: String) {
        guard utterance.kind != .notice else { return }
        reply(numeric, utterance.target.isSafeParameter ? utterance.target : "*", text: text)
    }
}
