import IRCProtocol
import MainLoop

/// What an utterance is to those who get it: one line; or, when it has several (draft/multiline), a batch for those who take
/// batches and plain lines for the others.
struct Speech {
    /// The line that has the time and the id.
    let head: Line
    /// The batch, from its beginning to its end; empty for a single line.
    var batch: [Line] = []
    /// The lines for those who do not know draft/multiline; empty for a single line.
    var fallback: [Line] = []

    /// The lines for a connection with `capabilities`, when there are several.
    func lines(for capabilities: CapabilitySet) -> [Line] { capabilities.takesMultiline ? batch : fallback }
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
        guard !speech.batch.isEmpty else { return send(speech.head, to: channel, for: wants, where: includes) }
        var batch = speech.batch.map { LineRenderer($0) }
        var fallback = speech.fallback.map { LineRenderer($0) }
        for member in channel.members where includes(member) {
            for session in member.client.sessions where wants(session.capabilities) {
                if session.capabilities.takesMultiline {
                    for index in batch.indices { session.write(batch[index].bytes(for: session.capabilities)) }
                } else {
                    for index in fallback.indices { session.write(fallback[index].bytes(for: session.capabilities)) }
                }
            }
        }
    }
}

extension Session {
    /// Queues what was said for the end of the turn, beside any answer.
    func write(_ speech: Speech) {
        guard !speech.batch.isEmpty else { return write(speech.head) }
        for line in speech.lines(for: capabilities) { write(line) }
    }

    /// Tells what was said as a part of the answer when one of its own commands runs.
    func send(_ speech: Speech) {
        guard !speech.batch.isEmpty else { return send(speech.head) }
        let lines = speech.lines(for: capabilities)
        if let openReply, capabilities.takesMultiline {
            openReply.add(batch: lines)
        } else {
            for line in lines { send(line) }
        }
    }
}
