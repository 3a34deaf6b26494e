import IRCProtocol
import MainLoop
import NIOCore

/// What an utterance is to those who get it: mostly one line. When it has several (draft/multiline), or more text than a line takes, it
/// is a batch for those who take batches, and plain lines for the others; in longer lines for those who take them.
struct Speech {
    /// What of a connection decides on the lines that it gets.
    enum Form: Int, CaseIterable {
        case lines, batch, longLines, longBatch

        @LoopActor
        init(_ session: Session) {
            let batch = session.capabilities.takesMultiline
            self = session.peer.takesLongLines ? (batch ? .longBatch : .longLines) : (batch ? .batch : .lines)
        }

        fileprivate var isBatch: Bool { self == .batch || self == .longBatch }
        fileprivate var limit: Int { self == .longLines || self == .longBatch ? Line.longLength : Line.maximumLength }
    }

    /// The line that has the time and the id; all there is to a single line.
    let head: Line
    private let whole: Whole?

    /// What is made into lines for each form.
    private struct Whole {
        let (source, verb, target, server): (String, String, String, String)
        let (id, parts): (String, [MultilinePart])
    }

    /// One line that everybody gets.
    init(_ line: Line) {
        (head, whole) = (line, nil)
    }

    /// - Parameters:
    ///   - parts: what was said, in the lines of who said it.
    ///   - tags: with the id of the message.
    ///   - server: who opens and ends batches.
    init(_ parts: [MultilinePart], source: String, _ verb: String, to target: String, tags: LineTags, id: String, server: String) {
        head = Line(source, verb, [target], tags: tags)
        whole = Whole(source: source, verb: verb, target: target, server: server, id: id, parts: parts)
    }

    var isOneLine: Bool { whole == nil }

    func lines(_ form: Form) -> [Line] {
        guard let whole else { return [head] }
        let room = Line.room(whole.source, whole.verb, whole.target, limit: form.limit)
        let parts = whole.parts.flatMap { $0.pieces(room: room) }
        return form.isBatch && parts.count > 1 ? batch(parts, whole, form) : lines(parts, whole, form)
    }

    private func batch(_ parts: [MultilinePart], _ whole: Whole, _ form: Form) -> [Line] {
        // The id is unique, so that one rendered batch serves everybody.
        var start = Line(whole.source, "BATCH", ["+" + whole.id, "draft/multiline", whole.target])
        start.tags = head.tags
        let inner = parts.map { part in
            var tags = LineTags()
            (tags.batch, tags.isConcat) = (whole.id, part.isConcat)
            return Line(whole.source, whole.verb, [whole.target], bytes: part.text, tags: tags, limit: form.limit)
        }
        return [start] + inner + [Line(whole.server, "BATCH", ["-" + whole.id])]
    }

    /// Only the first line has the id. An ACTION is one in each of its lines; what else is CTCP means nothing in pieces.
    private func lines(_ parts: [MultilinePart], _ whole: Whole, _ form: Form) -> [Line] {
        var (texts, tags) = (parts.filter { !$0.isBlank }.map(\.text), head.tags)
        if parts.count > 1, whole.parts.count == 1, let said = whole.parts.first?.text, said.readableBytesView.first == CTCP.mark {
            let room = Line.room(whole.source, whole.verb, whole.target, limit: form.limit)
            texts = CTCP.action(in: said)?.pieces(room: room - CTCP.actionLength).map { CTCP.action($0.text) } ?? [said]
        }
        return texts.map { text in
            defer { tags.id = nil }
            return Line(whole.source, whole.verb, [whole.target], bytes: text, tags: tags, limit: form.limit)
        }
    }
}

extension CapabilitySet {
    /// Whether lines that belong together may come as a batch (draft/multiline needs batch).
    var takesMultiline: Bool { contains(.multiline) && contains(.batch) }
}

extension World {
    /// As for a single line: everything is rendered once per shape, however many listen.
    func send(
        _ speech: Speech, to channel: Channel, for wants: (CapabilitySet) -> Bool = { _ in true }, where includes: (Member) -> Bool
    ) {
        guard !speech.isOneLine else { return send(speech.head, to: channel, for: wants, where: includes) }
        var renderers: [[LineRenderer]] = Array(repeating: [], count: Speech.Form.allCases.count)
        for member in channel.members where includes(member) {
            for session in member.client.sessions where wants(session.capabilities) {
                let form = Speech.Form(session)
                if renderers[form.rawValue].isEmpty { renderers[form.rawValue] = speech.lines(form).map { LineRenderer($0) } }
                for index in renderers[form.rawValue].indices {
                    session.write(renderers[form.rawValue][index].bytes(for: session.capabilities))
                }
            }
        }
    }
}

extension Session {
    /// Queues what was said for the end of the turn, beside any answer.
    func write(_ speech: Speech) {
        guard !speech.isOneLine else { return write(speech.head) }
        for line in speech.lines(Speech.Form(self)) { write(line) }
    }

    /// Tells what was said as a part of the answer when one of its own commands runs.
    func send(_ speech: Speech) {
        guard !speech.isOneLine else { return send(speech.head) }
        let lines = speech.lines(Speech.Form(self))
        if let openReply, capabilities.takesMultiline, lines.count > 1 {
            openReply.add(batch: lines)
        } else {
            send(lines)
        }
    }
}
