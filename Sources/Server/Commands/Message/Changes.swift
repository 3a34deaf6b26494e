import IRCProtocol
import MainLoop
import Store

/// What client-only tags say about messages that were sent before: edits, deletions and reactions, as IRCv3 drafts and freeq
/// clients write them.
struct ChangeTags {
    private static let editing = ["+draft/edit"]
    private static let deleting = ["+draft/delete"]
    private static let reacting = ["+react", "+draft/react"]
    private static let unreacting = ["+unreact", "+draft/unreact", "+freeq.at/unreact"]
    private static let replying = ["+reply", "+draft/reply"]
    /// A TAGMSG with it is part of the history.
    static let persisting = "+draft/persist"

    /// The client-only tags that mean something to the server, with what; for the manual.
    static let meanings: [(names: [String], meaning: String)] = [
        (editing, "PRIVMSG: the text takes the place of that of the message with this id; its author only"),
        (deleting, "TAGMSG: deletes the message with this id, as REDACT does"),
        (reacting, "TAGMSG: a reaction to the message that the reply tag names; part of the history"),
        (unreacting, "TAGMSG: takes a reaction back"),
        (replying, "the id of the message that this one belongs to"),
        ([persisting], "TAGMSG: part of the history"),
    ]

    /// The message that this one takes the place of.
    let edited: String?
    /// The message that is to be deleted.
    let deleted: String?
    /// The message that is reacted to.
    let reactedTo: String?
    /// What the reaction is; nil with ``reactedTo``: it is taken back, whatever ``unreaction`` says.
    let reaction: String?
    let unreaction: String?

    /// Whether it edits or deletes a message.
    var changesWords: Bool { edited != nil || deleted != nil }

    /// - Parameter raw: client-only tags as on the wire.
    init(_ raw: String) {
        let tags = TagSection(raw: raw)
        func value(_ names: [String]) -> String? { names.lazy.compactMap { tags.value(of: $0) }.first { !$0.isEmpty } }
        edited = value(Self.editing)
        deleted = value(Self.deleting)
        reaction = value(Self.reacting)
        unreaction = value(Self.unreacting)
        reactedTo = reaction == nil && unreaction == nil ? nil : value(Self.replying)
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
        func refuse(_ code: FailCode, _ text: String) {
            session.send(Line(fail: code, of: "EDIT", [id], text: text, from: world.configuration.name))
        }
        guard let place = historyPlace(utterance.target) else { return refuse(.messageNotFound, "There is no such message") }
        find(id, in: place) { found in
            switch found {
            case .failure: refuse(.temporarilyUnavailable, "The message could not be looked up, try again in a moment")
            case .success(let message?) where message.kind.isSpoken:
                guard Permissions.edit(message, by: client) else { return refuse(.authorMismatch, "Only its author may edit a message") }
                var utterance = utterance
                utterance.subject = message.root
                utterance.clientTags = utterance.clientTags.split(separator: ";").map { tag in
                    tag.hasPrefix("+draft/edit=") ? "+draft/edit=\(message.root)" : String(tag)
                }.joined(separator: ";")
                say(utterance)
            default: refuse(.messageNotFound, "There is no such message")
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
