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
    guard names.count <= context.targetLimit else {
        return context.reply(.tooManyTargets, targets.asParameter, text: "Too many targets; at most \(context.targetLimit) at a time")
    }
    let clientTags = context.session.capabilities.contains(.messageTags) ? context.world.clientTags(of: message) : ""
    // A TAGMSG without a tag says nothing, and nobody could see it.
    guard kind != .tagmsg || !clientTags.isEmpty else { return }
    for name in names {
        var utterance = Utterance(kind: kind, target: String(name), text: message.bytes(1) ?? ByteBuffer(), clientTags: clientTags)
        utterance.isNeverCut = context.session.peer.takesLongLines
        if context.changes(utterance) { continue }
        context.say(utterance)
    }
}

/// One message to one target.
struct Utterance {
    let kind: StoredMessage.Kind
    /// As the client wrote it: `#c`, `@#c` or a nickname.
    let target: String
    var text: ByteBuffer
    /// Client-only tags, raw.
    var clientTags: String
    /// The id of the message that it changes or reacts to.
    var subject: String?
    /// Its lines, when it has several (draft/multiline); ``text`` is all of them then.
    var parts: [MultilinePart] = []
    /// Whether nothing of a single line is cut: what is more than a line takes becomes several. Whoever keeps to 512 bytes knows that
    /// the end of a full line is lost.
    var isNeverCut = false

    /// Does the same to the text and to each of its lines.
    mutating func change(_ body: (ByteBuffer) -> ByteBuffer) {
        text = body(text)
        for index in parts.indices { parts[index].text = body(parts[index].text) }
    }

    /// Whether it is a CTCP request or answer other than ACTION.
    var isCTCP: Bool {
        text.readableBytesView.first == CTCP.mark && !text.readableBytesView.starts(with: "\u{1}ACTION".utf8)
    }
}

extension CommandContext {
    /// Says something to one target.
    func say(_ utterance: Utterance) {
        guard passesFilters(utterance) else { return }
        if ChannelName.looksLikeChannel(utterance.target.drop { MemberRank(prefix: $0) != nil }) {
            sayInChannel(utterance)
        } else {
            sayToPerson(utterance)
        }
    }

    /// What carries `utterance`, with a time and an id of its own.
    func speech(_ utterance: Utterance, to target: String) -> Speech {
        let time = world.nextMessageTime()
        var tags = world.tags(by: client, time: time)
        tags.id = MessageID.make(time: time, using: &world.randomness)
        tags.clientOnly = utterance.clientTags
        return world.speech(utterance, source: client.source, to: target, tags: tags)
    }

    /// Shows the sender what it said (IRCv3 echo-message); its other connections see it in any case.
    func echo(_ speech: Speech) {
        if session.capabilities.contains(.echoMessage) { session.send(speech) }
        for other in client.sessions where other !== session { other.write(speech) }
    }

    /// A NOTICE is never answered (RFC 2812 section 3.3.2).
    func refuse(_ utterance: Utterance, _ numeric: Numeric, _ text: String) {
        guard utterance.kind != .notice else { return }
        reply(numeric, utterance.target.asParameter, text: text)
    }
}
