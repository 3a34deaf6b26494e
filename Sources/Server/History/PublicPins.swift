import Foundation
import IRCProtocol
import MainLoop
import Store

/// A pinned message, as web clients read it.
package struct PublicPin: Sendable, Encodable {
    package let msgid: String
    /// The nickname of its author at that time.
    package let from: String
    package let text: String
    /// RFC 3339.
    package let timestamp: String
    package let pinned_by: String
    /// Seconds since 1970.
    package let pinned_at: Int64
}

extension World {
    /// The pins of a channel with their newest texts; nil when there is no such channel, or the caller may not read them.
    ///
    /// - Parameters:
    ///   - name: with or without `#`.
    ///   - caller: nil for somebody without a token. Administrators see what everybody sees: they are in no channel.
    package func pins(of name: String, for caller: Caller?) async throws -> (channel: String, pins: [PublicPin])? {
        let channel = channels[CaseMapping.fold(name)] ?? channels["#" + CaseMapping.fold(name)]
        var client: Client?
        if case .person(let bearer)? = caller { client = session(bearer: bearer)?.client }
        guard let channel, Permissions.readPins(of: channel, by: client, configuration) else { return nil }
        let (title, kept) = (channel.name.text, channel.pins)
        let conversation = Conversation.channel(channel.name.folded)
        await services.historyWriter.flush()
        let (messages, subjects) = try await services.history.messagesWithSubjects(ids: kept.map(\.id), in: conversation)
        let standing = Dictionary(messages.asTheyStand(subjects).map { ($0.id, $0) }) { first, _ in first }
        let pins: [PublicPin] = kept.compactMap { pin in
            standing[pin.id].map { message in
                PublicPin(
                    msgid: pin.id, from: String(message.source.prefix { $0 != "!" }), text: String(decoding: message.text, as: UTF8.self),
                    timestamp: ServerTime.format(message.time), pinned_by: pin.pinnedBy, pinned_at: pin.pinnedAt)
            }
        }
        return (title, pins)
    }
}
