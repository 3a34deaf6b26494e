import IRCProtocol
import MainLoop

/// A token that comes in several lines (draft/authtoken). Those of this server fit in one; others are read to their end so that the
/// answer is the right one.
struct TokenBatch {
    /// Bytes of all lines together.
    static let limit = 2048

    let reference: String
    let service: String
    let openedAt: Duration
    /// The answer to the command that opened it.
    let reply: Reply
    var text = ""
}

extension CommandContext {
    /// `BATCH +reference draft/authtoken service`.
    func openTokenBatch(_ reference: String) {
        reply.isPostponed = true
        session.tokenBatch = TokenBatch(
            reference: reference, service: message[2] ?? "", openedAt: world.clock.uptime, reply: reply)
    }

    /// Puts a line into the batch it belongs to; false when it belongs to none.
    func collectIntoTokenBatch() -> Bool {
        guard let batch = session.tokenBatch, message.tags?.value(of: "batch") == batch.reference else { return false }
        // What is too long is no token: the rest makes no difference.
        if batch.text.utf8.count < TokenBatch.limit { session.tokenBatch?.text += message[1] ?? "" }
        return true
    }

    /// `BATCH -reference`; false when it is not the one that is open.
    func endTokenBatch(_ reference: String) -> Bool {
        guard let batch = session.tokenBatch, batch.reference == reference else { return false }
        session.tokenBatch = nil
        session.openReply = batch.reply
        CommandContext(world: world, session: session, message: message, reply: batch.reply, answered: "TOKEN")
            .validateToken(batch.text, for: batch.service)
        session.openReply = reply
        batch.reply.isPostponed = false
        batch.reply.finish()
        return true
    }
}

extension Session {
    /// Gives up a token whose end does not come.
    func expireTokenBatch(at now: Duration) {
        guard let batch = tokenBatch, now - batch.openedAt > ClientBatch.timeLimit else { return }
        tokenBatch = nil
        batch.reply.add(
            Line(
                fail: .timeout, of: "TOKEN", [], text: "Timeout exceeded while waiting for the complete token to validate", from: serverName
            ))
        batch.reply.isPostponed = false
        batch.reply.finish()
    }
}
