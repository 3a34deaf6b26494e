import IRCProtocol
import MainLoop
import Store

/// What client-only tags say about messages that were sent before: edits, deletions and reactions, as IRCv3 drafts and freeq
/// clients write them.
struct ChangeTags {
    /// The message that this one takes the place of.
    let edited: String?
    /// The message that is to be deleted.
    let deleted: String?
    /// The message that is reacted to.
    let reactedTo: String?
    /// What the reaction is; nil with ``reactedTo``: it is taken back, whatever ``unreaction`` says.
    let reaction: String?
    let unreaction: String?

    /// - Parameter raw: client-only tags as on the wire.
    init(_ raw: String) {
        let tags = TagSection(raw: raw)
        func value(_ names: String...) -> String? { names.lazy.compactMap { tags.value(of: $0) }.first { !$0.isEmpty } }
        edited = value("+draft/edit")
        deleted = value("+draft/delete")
        reaction = value("+react", "+draft/react")
        unreaction = value("+unreact", "+draft/unreact", "+freeq.at/unreact")
        reactedTo = reaction == nil && unreaction == nil ? nil : value("+reply", "+draft/reply")
    }
}

extension CommandContext {
    /// Whether `utterance` changes what was said before; then it is on its way.
    func changes(_ utterance: Utterance) -> Bool {
        guard utterance.clientTags.contains("/edit") || utterance.clientTags.contains("/delete") else { return false }
        let tags = ChangeTags(utterance.clientTags)
        if utterance.kind != .tagmsg, let id = tags.edited {
            edit(id, utterance)
            return true
        }
        if utterance.kind == .tagmsg, let id = tags.deleted {
            delete(id, from: utterance.target, as: .tag)
            return true
        }
        return false
    }

    /// Says `utterance` in the place of the message `id`, under the id of its first revision.
    private func edit(_ id: String, _ utterance: Utterance) {
        func refuse(_ code: String, _ text: String) {
            session.send(Line(world.configuration.name, "FAIL", ["EDIT", code, id.asParameter], text: text))
        }
        guard let place = historyPlace(utterance.target) else { return refuse("MESSAGE_NOT_FOUND", "There is no such message") }
        find(id, in: place) { found in
            switch found {
            case .failure: refuse("TEMPORARILY_UNAVAILABLE", "The message could not be looked up, try again in a moment")
            case .success(let message?) where message.kind.isSpoken:
                guard Permissions.edit(message, by: client) else { return refuse("AUTHOR_MISMATCH", "Only its author may edit a message") }
                var utterance = utterance
                utterance.subject = message.root
                utterance.clientTags = utterance.clientTags.split(separator: ";").map { tag in
                    tag.hasPrefix("+draft/edit=") ? "+draft/edit=\(message.root)" : String(tag)
                }.joined(separator: ";")
                say(utterance)
            default: refuse("MESSAGE_NOT_FOUND", "There is no such message")
            }
        }
    }

    /// Looks up the message of this id in `place`; `body` gets nil when it is not there.
    func find(_ id: String, in place: HistoryPlace, then body: @escaping @LoopActor (Result<StoredMessage?, any Error>) -> Void) {
        let (store, writer) = (world.services.history, world.services.historyWriter)
        wait {
            await writer.flush()
            return await Result {
                guard let message = try await store.find(id: id) else { return nil }
                return message.conversation == (try await place.conversation(in: store)) ? message : nil
            }
        } then: {
            body($0)
        }
    }
}
