import IRCProtocol
import MainLoop
import NIOCore
import Store

/// The lines of a message: one, or several that belong together.
extension World {
    /// What `utterance` is to those who get it; the tags have its time and id.
    func speech(_ utterance: Utterance, source: String, to target: String, tags: LineTags) -> Speech {
        let verb = utterance.kind.verb
        if utterance.kind == .tagmsg { return Speech(Line(source, verb, [target], tags: tags)) }
        let isLong = utterance.isNeverCut && utterance.text.readableBytes > Line.room(source, verb, target)
        guard let id = tags.id, isLong || !utterance.parts.isEmpty else {
            return Speech(Line(source, verb, [target], bytes: utterance.text, tags: tags))
        }
        let parts = utterance.parts.isEmpty ? [MultilinePart(text: utterance.text, isConcat: false)] : utterance.parts
        return Speech(parts, source: source, verb, to: target, tags: tags, id: id, server: configuration.name)
    }
}

extension Utterance {
    /// A stored message.
    init(stored message: StoredMessage, to target: String) {
        self.init(kind: message.kind, target: target, text: ByteBuffer(bytes: message.text), clientTags: message.tags)
        isNeverCut = true
        if text.readableBytesView.contains(UInt8(ascii: "\n")) { parts = MultilineText.parts(of: text) }
    }

    /// For how many lines it counts where they are counted: as many as it has, and more for those that are longer than a line of all.
    var lineCount: Int {
        guard !parts.isEmpty else { return 1 + text.readableBytes / Line.maximumLength }
        return parts.reduce(0) { $0 + 1 + $1.text.readableBytes / Line.maximumLength }
    }
}
