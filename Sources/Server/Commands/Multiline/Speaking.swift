import IRCProtocol
import MainLoop
import NIOCore
import Store

/// The lines of a message: one, or several that belong together.
extension World {
    /// What `utterance` is to those who get it; `head` has its time, id and tags.
    func speech(_ utterance: Utterance, source: String, to target: String, tags: LineTags) -> Speech {
        let verb = utterance.kind.verb
        if utterance.kind == .tagmsg { return Speech(head: Line(source, verb, [target], tags: tags)) }
        guard let id = tags.id, !utterance.parts.isEmpty else {
            return Speech(head: Line(source, verb, [target], bytes: utterance.text, tags: tags))
        }
        // The id is unique, so that one rendered batch serves everybody.
        let start = Line(source, "BATCH", ["+" + id, "draft/multiline", target], tags: tags)
        var speech = Speech(head: start, batch: [start])
        var plain = tags
        for part in utterance.parts {
            var inner = LineTags()
            (inner.batch, inner.isConcat) = (id, part.isConcat)
            speech.batch.append(Line(source, verb, [target], bytes: part.text, tags: inner))
            guard !part.isBlank else { continue }
            speech.fallback.append(Line(source, verb, [target], bytes: part.text, tags: plain))
            // Only the first line of the fallback has the id.
            plain.id = nil
        }
        speech.batch.append(Line(configuration.name, "BATCH", ["-" + id]))
        return speech
    }
}

extension Utterance {
    /// A stored message, in lines that fit when it has several.
    init(stored message: StoredMessage, from source: String, to target: String) {
        self.init(kind: message.kind, target: target, text: ByteBuffer(bytes: message.text), clientTags: message.tags)
        // ":source VERB target :" and CR LF.
        let room = Line.maximumLength - source.utf8.count - kind.verb.utf8.count - target.utf8.count - 7
        guard text.readableBytesView.contains(UInt8(ascii: "\n")) || text.readableBytes > room else { return }
        parts = MultilineText.parts(of: text, room: room)
    }
}
