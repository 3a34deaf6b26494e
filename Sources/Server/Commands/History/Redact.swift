import IRCProtocol
import Logging
import MainLoop
import Store

/// `REDACT <target> <msgid> [:<reason>]` (draft/message-redaction): takes a message out of the history and tells those who can
/// take it out of their view.
@LoopActor
func redact(_ context: CommandContext) {
    let (target, id) = ((context.message[0] ?? "").asParameter, (context.message[1] ?? "").asParameter)
    guard let place = context.historyPlace(target) else {
        return context.fail("INVALID_TARGET", target, text: "You cannot delete messages from \(target)")
    }
    let (store, writer) = (context.world.services.history, context.world.services.historyWriter)
    context.wait {
        await writer.flush()
        return await Result {
            guard let message = try await store.find(id: id), message.kind.isSpoken || message.kind == .tagmsg else { return nil }
            return message.conversation == (try await place.conversation(in: store)) ? message : nil
        }
    } then: { (found: Result<StoredMessage?, any Error>) in
        switch found {
        case .failure(let error): context.cannotRedact(error, target, id)
        case .success(nil): context.fail("UNKNOWN_MSGID", target, id, text: "This message does not exist or is too old")
        case .success(let message?): context.redact(message, target)
        }
    }
}

extension CommandContext {
    fileprivate func redact(_ message: StoredMessage, _ target: String) {
        let channel = world.channels[CaseMapping.fold(target)]
        guard Permissions.redact(message, in: channel, by: client) else {
            return fail("REDACT_FORBIDDEN", target, message.id, text: "You are not authorised to delete this message")
        }
        let store = world.services.history
        wait {
            await Result { try await store.delete(id: message.id) }
        } then: { (deleted: Result<Bool, any Error>) in
            if case .failure(let error) = deleted { return cannotRedact(error, target, message.id) }
            announce(message, target, in: channel)
        }
    }

    private func announce(_ message: StoredMessage, _ target: String, in channel: Channel?) {
        let reason = self.message[2].flatMap { $0.isEmpty ? nil : $0.truncated(toBytes: world.configuration.limits.kick) }
        let other = channel == nil ? world.person(named: target) : nil
        let line = world.event(by: client, "REDACT", [channel?.name.text ?? other?.target ?? target, message.id], text: reason)
        if channel?[client] == nil, other !== client { client.send(line) { $0.contains(.messageRedaction) } }
        if let channel { world.send(line, to: channel, for: { $0.contains(.messageRedaction) }) }
        other?.send(line) { $0.contains(.messageRedaction) }
    }

    fileprivate func cannotRedact(_ error: any Error, _ target: String, _ id: String) {
        world.logger.error("history.redact.failed", metadata: ["error": "\(error)"])
        fail("UNKNOWN_ERROR", target, id, text: "The message could not be deleted, try again in a moment")
    }
}
