import IRCProtocol
import MainLoop
import NIOCore
import Store

/// `BATCH` from a client (IRCv3 client-batch): opens or ends a message (draft/multiline) or a token of several lines.
@LoopActor
func batch(_ context: CommandContext) {
    let word = context.message[0] ?? ""
    let reference = String(word.dropFirst())
    let isWellFormed = !reference.isEmpty && reference.utf8.allSatisfy { $0 == UInt8(ascii: "-") || $0.isASCIIAlphanumeric }
    guard word.hasPrefix("+") || word.hasPrefix("-"), isWellFormed else {
        return context.fail(.invalidReftag, word.asParameter, text: "A reference has a sign, then letters, digits and hyphens")
    }
    if word.hasPrefix("+") { context.openBatch(reference) } else { context.endBatch(reference) }
}

extension CommandContext {
    fileprivate func openBatch(_ reference: String) {
        if session.tokenBatch != nil {
            return fail(.multilineInvalid, text: "A batch must end before another one begins")
        }
        if session.clientBatch != nil {
            return session.refuseBatch(.invalid("A batch must end before another one begins"))
        }
        let type = message[1] ?? ""
        if type == "draft/authtoken", session.capabilities.contains(.authToken), session.capabilities.contains(.batch) {
            return openTokenBatch(reference)
        }
        guard session.isRegistered else { return notRegistered() }
        guard type == "draft/multiline", session.capabilities.takesMultiline else {
            return fail(.unknownType, reference, type.asParameter, text: "This server takes batches of draft/multiline and draft/authtoken")
        }
        guard let target = message[2], !target.isEmpty, !target.contains(",") else {
            return fail(.multilineInvalid, text: "A batch has exactly one target")
        }
        let clientTags = session.capabilities.contains(.messageTags) ? world.clientTags(of: message) : ""
        reply.isPostponed = true
        session.clientBatch = ClientBatch(
            reference: reference, target: target, clientTags: clientTags, openedAt: world.clock.uptime, reply: reply)
    }

    fileprivate func endBatch(_ reference: String) {
        if endTokenBatch(reference) { return }
        guard let batch = session.clientBatch, batch.reference == reference else {
            return fail(.invalidReftag, reference, text: "No batch of this reference is open")
        }
        defer { session.clientBatch = nil }
        guard !batch.isRefused else { return }
        do throws(ClientBatch.Refusal) {
            let utterance = try batch.utterance()
            // The answer to the whole is the answer to the command that opened it.
            session.openReply = batch.reply
            let context = CommandContext(world: world, session: session, message: message, reply: batch.reply)
            if !context.changes(utterance) { context.say(utterance) }
            session.openReply = reply
            batch.reply.isPostponed = false
            if !session.isWaiting { batch.reply.finish() }
        } catch {
            session.refuseBatch(error)
        }
    }

    /// Puts a line into the batch that it belongs to; false when it belongs to none and is a command of its own.
    func collectIntoBatch() -> Bool {
        guard message.verb == "PRIVMSG" || message.verb == "NOTICE" else { return false }
        guard let batch = session.clientBatch else {
            guard session.capabilities.contains(.multiline), message.tags?.value(of: "batch") != nil else { return false }
            session.send(
                Line(
                    fail: .multilineInvalid, of: "BATCH", [], text: "The line belongs to no open batch", from: world.configuration.name))
            return true
        }
        let belongs = message.tags?.value(of: "batch") == batch.reference
        if batch.isRefused { return belongs }
        do throws(ClientBatch.Refusal) {
            guard belongs else { throw .invalid("Until a batch ends, every message belongs to it") }
            guard message.tags?.clientOnly.isEmpty ?? true else { throw .invalid("Tags belong to the beginning of the batch") }
            guard let target = message[0], CaseMapping.fold(target) == CaseMapping.fold(batch.target) else {
                throw ClientBatch.Refusal(
                    code: .multilineInvalidTarget, context: [batch.target.asParameter, (message[0] ?? "*").asParameter],
                    text: "All lines of a batch have its target")
            }
            let isConcat = message.tags?.value(of: "draft/multiline-concat") != nil
            let part = MultilinePart(text: message.bytes(1) ?? ByteBuffer(), isConcat: isConcat)
            try session.clientBatch?.add(part, message.verb == "NOTICE" ? .notice : .privmsg, limits: world.configuration.limits)
        } catch {
            session.refuseBatch(error)
        }
        return true
    }
}

extension Session {
    /// Whether the next line is paid for with the batch it belongs to.
    func isPaidForByBatch(_ message: Message) -> Bool {
        guard let batch = clientBatch, !batch.isRefused else { return false }
        return message.verb == "PRIVMSG" || message.verb == "NOTICE"
    }

    /// Says what is wrong with the open batch, in answer to the command that opened it, and ignores the rest of it.
    func refuseBatch(_ refusal: ClientBatch.Refusal) {
        guard let batch = clientBatch, !batch.isRefused else { return }
        clientBatch?.isRefused = true
        batch.reply.add(Line(fail: refusal.code, of: "BATCH", refusal.context, text: refusal.text, from: serverName))
        batch.reply.isPostponed = false
        batch.reply.finish()
    }

    /// Gives up a batch that was open for too long.
    func expireBatch(at now: Duration) {
        guard let batch = clientBatch, now - batch.openedAt > ClientBatch.timeLimit else { return }
        refuseBatch(ClientBatch.Refusal(code: .timeout, context: [batch.reference], text: "The batch was open for too long"))
        clientBatch = nil
    }
}

extension UInt8 {
    fileprivate var isASCIIAlphanumeric: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }
}
