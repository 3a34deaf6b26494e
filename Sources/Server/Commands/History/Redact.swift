import IRCProtocol
import Logging
import MainLoop
import Store

/// `REDACT <target> <msgid> [:<reason>]` (draft/message-redaction): takes a message out of the history and tells those who can
/// take it out of their view.
@LoopActor
func redact(_ context: CommandContext) {
    let (target, id) = ((context.message[0] ?? "").asParameter, (context.message[1] ?? "").asParameter)
    context.delete(id, from: target, as: .command)
}

/// How somebody asks to delete a message: this decides the words of the refusals, and whether it hears of its own deletion.
enum DeletionRequest {
    /// `REDACT`.
    case command
    /// A TAGMSG with `+draft/delete`.
    case tag
}

extension CommandContext {
    /// Deletes the message `id` of the conversation `target`, with all its revisions.
    func delete(_ id: String, from target: String, as request: DeletionRequest) {
        func refuse(_ code: FailCode, _ other: FailCode, _ text: String) {
            switch request {
            case .command: fail(code, target, id, text: text)
            case .tag: session.send(Line(fail: other, of: "DELETE", [id], text: text, from: world.configuration.name))
            }
        }
        guard let place = historyPlace(target) else {
            return request == .command
                ? fail(.invalidTarget, target, text: "You cannot delete messages from \(target)")
                : refuse(.unknownMsgid, .messageNotFound, "There is no such message")
        }
        func failed(_ error: any Error) {
            world.logger.error("history.redact.failed", metadata: ["error": "\(error)"])
            refuse(.unknownError, .temporarilyUnavailable, "The message could not be deleted, try again in a moment")
        }
        find(id, in: place) { found in
            switch found {
            case .failure(let error): failed(error)
            case .success(let message?) where message.kind.isSpoken || message.kind == .tagmsg:
                let channel = world.channels[CaseMapping.fold(target)]
                guard Permissions.redact(message, in: channel, by: client) else {
                    return refuse(.redactForbidden, .authorMismatch, "You are not authorised to delete this message")
                }
                let store = world.services.history
                wait {
                    await Result { try await store.delete(root: message.root) }
                } effect: { (deleted: Result<[String], any Error>) in
                    if case .success(let ids) = deleted {
                        announceDeletion(of: ids, target, in: channel, tellsSender: request == .command)
                    }
                } then: { deleted in
                    if case .failure(let error) = deleted { failed(error) }
                }
            default: refuse(.unknownMsgid, .messageNotFound, "This message does not exist or is too old")
            }
        }
    }

    /// - Parameter ids: those of all revisions, the first one first.
    private func announceDeletion(of ids: [String], _ target: String, in channel: Channel?, tellsSender: Bool) {
        if let channel { world.unpin(ids, in: channel) }
        let reason =
            message.verb == "REDACT"
            ? message[2].flatMap { $0.isEmpty ? nil : $0.truncated(toBytes: world.configuration.limits.kick) } : nil
        let others = channel == nil ? people(called: target) : []
        let name = channel?.name.text ?? (others.count == 1 ? others[0].target : target)
        var recipients = channel?.members.map(\.client) ?? others
        if !recipients.contains(where: { $0 === client }) { recipients.append(client) }
        DeletionNotice(of: ids, in: name, reason: reason) { world.event(by: client, $0, $1, text: $2) }?
            .send(to: recipients.flatMap(\.sessions).filter { tellsSender || $0 !== session })
    }

    /// Whoever the other side of a direct conversation is: by nickname, or all that are logged in with a DID.
    private func people(called name: String) -> [Client] {
        if let other = world.person(named: name) { return [other] }
        return name.hasPrefix("did:") ? world.accounts[name] : []
    }
}
