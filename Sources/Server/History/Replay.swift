import IRCProtocol
import MainLoop
import NIOCore
import Store

extension Session {
    /// What of history this connection understands.
    var historyView: HistoryView {
        capabilities.contains(.eventPlayback) ? .everything : .spoken
    }

    /// Sends a stored message as it was first sent, in the form that this connection would have got then. Nothing is sent of
    /// a TAGMSG to a connection that does not know tags.
    ///
    /// - Parameters:
    ///   - channel: the name of the channel it belongs to; nil in a direct conversation.
    ///   - isContext: it was not asked for, but belongs to the message before it.
    func replay(_ message: StoredMessage, channel: String?, isContext: Bool = false) {
        let target = channel ?? message.recipient ?? "*"
        var tags = LineTags(time: message.time, id: message.id, account: message.account, clientOnly: message.tags)
        tags.isContext = isContext
        let bytes = ByteBuffer(bytes: message.text)
        let parameters = message.parameters.split(separator: " ").map(String.init)
        switch message.kind {
        case .privmsg, .notice:
            let utterance = Utterance(stored: message, to: target)
            send(world.speech(utterance, source: message.source, to: target, tags: tags))
        case .kick, .topic:
            send(Line(message.source, message.kind.verb, [target] + parameters, bytes: bytes, tags: tags))
        case .tagmsg:
            guard capabilities.contains(.messageTags) else { return }
            send(Line(message.source, "TAGMSG", [target], tags: tags))
        case .join:
            if capabilities.contains(.extendedJoin) {
                send(Line(message.source, "JOIN", [target] + parameters, bytes: bytes, tags: tags))
            } else {
                send(Line(message.source, "JOIN", [target], tags: tags))
            }
        case .part where message.text.isEmpty, .mode:
            send(Line(message.source, message.kind.verb, [target] + parameters, tags: tags))
        case .part: send(Line(message.source, "PART", [target], bytes: bytes, tags: tags))
        case .quit, .nick: send(Line(message.source, message.kind.verb, [], bytes: bytes, tags: tags))
        }
    }
}
