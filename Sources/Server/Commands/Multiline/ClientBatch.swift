import IRCProtocol
import NIOCore
import Store

/// A message of several lines that a client is sending (IRCv3 client-batch, draft/multiline).
struct ClientBatch {
    /// How long it may stay open.
    static let timeLimit: Duration = .seconds(30)

    let reference: String
    /// As the client wrote it.
    let target: String
    /// Client-only tags of the whole message, raw.
    let clientTags: String
    let openedAt: Duration
    /// The answer to the command that opened it; it has the label.
    let reply: Reply
    private(set) var kind: StoredMessage.Kind?
    /// Bounded by `Limits.multilineLines`.
    private(set) var parts: [MultilinePart] = []
    private var bytes = 0
    /// Something was wrong with it: what else comes of it is ignored.
    var isRefused = false

    init(reference: String, target: String, clientTags: String, openedAt: Duration, reply: Reply) {
        self.reference = reference
        self.target = target
        self.clientTags = clientTags
        self.openedAt = openedAt
        self.reply = reply
    }

    /// Why a line or the whole is not taken: the code of its FAIL, the parameters behind the code, and the text.
    struct Refusal: Error, Equatable {
        var code: FailCode
        var context: [String] = []
        var text: String

        static func invalid(_ text: String) -> Refusal { Refusal(code: .multilineInvalid, text: text) }
    }

    /// Takes one line.
    mutating func add(_ part: MultilinePart, _ kind: StoredMessage.Kind, limits: ServerConfiguration.Limits) throws(Refusal) {
        guard self.kind == nil || self.kind == kind else { throw .invalid("A batch has either PRIVMSG or NOTICE") }
        guard !part.isConcat || !part.isBlank else { throw .invalid("A blank line cannot continue another one") }
        guard parts.count < limits.multilineLines else {
            throw Refusal(
                code: .multilineMaxLines, context: [String(limits.multilineLines)],
                text: "A message has at most \(limits.multilineLines) lines")
        }
        let length = part.text.readableBytes + (parts.isEmpty || part.isConcat ? 0 : 1)
        guard bytes + length <= limits.multilineBytes else {
            throw Refusal(
                code: .multilineMaxBytes, context: [String(limits.multilineBytes)],
                text: "A message has at most \(limits.multilineBytes) bytes")
        }
        self.kind = kind
        bytes += length
        parts.append(part)
    }

    /// The whole message.
    func utterance() throws(Refusal) -> Utterance {
        guard let kind, parts.contains(where: { !$0.isBlank }) else { throw .invalid("The batch has no line with a text") }
        return Utterance(
            kind: kind, target: target, text: MultilineText.joined(parts), clientTags: clientTags, parts: parts.count > 1 ? parts : [])
    }
}
