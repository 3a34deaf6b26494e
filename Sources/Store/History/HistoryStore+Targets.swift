import GRDB

/// A conversation and when something was last said in it.
package struct HistoryTarget: Sendable, Equatable {
    package var conversation: String
    /// The other side of a direct conversation; nil for a channel.
    package var correspondent: String?
    /// The name by which the other side was last met; the key for a channel.
    package var name: String
    /// Milliseconds since 1970.
    package var latest: Int64
}

extension HistoryStore {
    /// The conversations of a correspondent, and of those channels, whose newest message lies between the two times, which
    /// are not part of it; the one that was silent for longest first.
    ///
    /// - Parameter newestFirst: whether the limit keeps those that spoke last.
    package func targets(
        of correspondent: String, channels: [String], from: Int64, to: Int64, newestFirst: Bool = false, limit: Int
    ) async throws -> [HistoryTarget] {
        let me = correspondent.lowercasedASCII
        return try await database.writer.read { db in
            var targets = try Row.fetchAll(
                db,
                sql: """
                    SELECT conversation, name, latest FROM correspondence WHERE correspondent = ? AND latest > ? AND latest < ?
                    ORDER BY latest \(newestFirst ? "DESC" : "ASC") LIMIT ?
                    """, arguments: [me, from, to, limit]
            ).map { row in
                let conversation: String = row["conversation"]
                return HistoryTarget(
                    conversation: conversation, correspondent: Conversation.other(than: me, in: conversation), name: row["name"],
                    latest: row["latest"])
            }
            for channel in channels {
                guard let latest = try Self.latest(in: channel, db), latest > from, latest < to else { continue }
                targets.append(HistoryTarget(conversation: channel, correspondent: nil, name: channel, latest: latest))
            }
            targets.sort { $0.latest < $1.latest }
            return Array(newestFirst ? targets.suffix(limit) : targets.prefix(limit))
        }
    }

    private static func latest(in conversation: String, _ db: Database) throws -> Int64? {
        try Int64.fetchOne(
            db,
            sql: """
                SELECT time FROM message INDEXED BY message_spoken WHERE conversation = ? AND kind < 2
                ORDER BY time DESC, sequence DESC LIMIT 1
                """, arguments: [conversation])
    }

    /// The key of the newest conversation of `correspondent` with somebody who was last met as `name`, or whose account that
    /// is. Whoever uses the name today may be somebody else: ask only when nobody does.
    package func conversation(of correspondent: String, with name: String) async throws -> String {
        try await database.writer.read { try Self.conversation(of: correspondent, with: name, $0) }
            ?? Conversation.direct(correspondent, name)
    }

    /// The same; nil when there is no such conversation.
    static func conversation(of correspondent: String, with name: String, _ db: Database) throws -> String? {
        let me = correspondent.lowercasedASCII
        let direct = Conversation.direct(me, name)
        return try String.fetchOne(
            db,
            sql: """
                SELECT conversation FROM correspondence WHERE correspondent = ? AND (conversation = ? OR name = ? COLLATE NOCASE)
                ORDER BY conversation = ? DESC, latest DESC LIMIT 1
                """, arguments: [me, direct, name, direct])
    }
}
