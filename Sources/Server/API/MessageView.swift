import IRCProtocol
import MainLoop
package import Store

/// What a program reads of something that was said in a channel.
package struct MessageView: Sendable, Encodable, Equatable {
    /// The `msgid`.
    package let id: String
    package let channel: String
    /// RFC 3339.
    package let time: String
    /// `message` or `notice`.
    package let kind: String
    package let nick: String
    /// `nick!user@host` at that time.
    package let source: String
    package let account: String?
    package let text: String
    package let is_edited: Bool
    /// The id of the message that it answers.
    package let reply_to: String?

    init(_ message: StoredMessage, in channel: String) {
        let tags = TagSection(raw: message.tags)
        (id, self.channel, time) = (message.id, channel, ServerTime.format(message.time))
        kind = message.kind == .notice ? "notice" : "message"
        (nick, source, account) = (String(message.source.prefix { $0 != "!" }), message.source, message.account)
        text = String(decoding: message.text, as: UTF8.self)
        is_edited = tags.value(of: ServerTag.edited.rawValue) != nil
        reply_to = tags.value(of: "+draft/reply") ?? tags.value(of: "+reply")
    }
}

/// Which part of what was said a program asks for.
package enum MessagePlace: Sendable, Equatable {
    case newest
    /// A msgid.
    case before(String)
    case after(String)
}

extension World {
    /// What was said in a channel, oldest first, as it stands now; nil when there is no such channel, or the token may not read it.
    ///
    /// `next` is the id of the message that lies farthest in the direction of the page.
    ///
    /// - Throws: ``HistoryError/unknownMessage``, and errors of the database.
    package func messageViews(of name: String, _ place: MessagePlace, limit: Int, for token: APIToken) async throws -> Page<MessageView>? {
        guard let channel = channel(name, for: token, .messagesRead) else { return nil }
        let (title, conversation) = (channel.name.text, Conversation.channel(channel.name.folded))
        noteReading(of: channel, by: token)
        await services.historyWriter.flush()
        let selector: HistorySelector
        switch place {
        case .newest: selector = .latest(after: nil)
        case .before(let id): selector = .before(.id(id))
        case .after(let id): selector = .after(.id(id))
        }
        let (messages, subjects) = try await services.history.pageWithSubjects(
            conversation: conversation, selector, limit: limit)
        let views = messages.asTheyStand(subjects).map { MessageView($0, in: title) }
        guard messages.count == limit else { return Page(views) }
        if case .after = place { return Page(views, next: messages.last?.id) }
        return Page(views, next: messages.first?.id)
    }

    /// Notes that a program reads a channel: once an hour, because programs look again and again.
    private func noteReading(of channel: Channel, by token: APIToken) {
        guard allowances.spend("token \(token.name) reads \(channel.name.folded)", limit: 1, at: clock.uptime) else { return }
        audit("history.read", by: token.actor, ["channel": channel.name.text])
    }
}

extension APIToken {
    /// Who it is for the log and the audit table.
    package var actor: String { "token \(name)" }
}
