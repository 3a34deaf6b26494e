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
            .tooManyTargets, targets.asParameter,
            text: "Too many targets; at most \(context.world.configuration.limits.targets) at a time")
    }
    let clientTags = context.session.capabilities.contains(.messageTags) ? message.tags?.clientOnly ?? "" : ""
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
    var text: ByteBuffer
    /// Client-only tags, raw.
    let clientTags: String

    /// Whether it is a CTCP request or answer other than ACTION.
    var isCTCP: Bool {
        text.readableBytesView.first == 0x01 && !text.readableBytesView.starts(with: "\u{1}ACTION".utf8)
    }
}

extension CommandContext {
    /// The line that carries `utterance`, with a time and an id of its own.
    func line(_ utterance: Utterance, to target: String) -> Line {
        let time = world.nextMessageTime()
        let tags = LineTags(
            time: time, id: MessageID.make(time: time, using: &world.randomness), account: client.identity?.account,
            clientOnly: utterance.clientTags)
        if utterance.kind == .tagmsg { return Line(client.source, "TAGMSG", [target], tags: tags) }
        return Line(client.source, message.verb.text, [target], bytes: utterance.text, tags: tags)
    }

    /// Shows the sender what it said (IRCv3 echo-message); its other connections see it in any case.
    func echo(_ line: Line) {
        if session.capabilities.contains(.echoMessage) { session.send(line) }
        for other in client.sessions where other !== session { other.write(line) }
    }

    /// A NOTICE is never answered (RFC 2812 section 3.3.2).
    func refuse(_ utterance: Utterance, _ numeric: Numeric, _ text: String) {
        guard utterance.kind != .notice else { return }
        reply(numeric, utterance.target.asParameter, text: text)
    }
}
