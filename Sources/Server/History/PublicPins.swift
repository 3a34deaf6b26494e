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
    /// The pins of a channel with their newest texts, for somebody without a connection; nil when there is no such channel, or it
    /// is not open to everybody.
    ///
    /// - Parameter name: with or without `#`.
    package func publicPins(of name: String) async throws -> (channel: String, pins: [PublicPin])? {
        let channel = channels[CaseMapping.fold(name)] ?? channels["#" + CaseMapping.fold(name)]
        guard let channel, Permissions.readPublicly(channel), configuration.passwordHash == nil else { return nil }
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
