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
    /// The conversations of a correspondent, and of those channels, whose newest message lies between the two times;
    /// the one that was silent for longest first.
    package func targets(of correspondent: String, channels: [String], from: Int64, to: Int64, limit: Int) async throws -> [HistoryTarget] {
        let me = correspondent.lowercasedASCII
        return try await database.writer.read { db in
            var targets = try Row.fetchAll(
                db,
                sql: """
                    SELECT conversation, name, latest FROM correspondence WHERE correspondent = ? AND latest > ? AND latest < ?
                    ORDER BY latest LIMIT ?
                    """, arguments: [me, from, to, limit]
            ).map { row in
                let conversation: String = row["conversation"]
                return HistoryTarget(
                    conversation: conversation, correspondent: Conversation.other(than: me, in: conversation), name: row["name"],
                    latest: row["latest"])
            }
            for channel in channels {
                let latest = try Int64.fetchOne(db, sql: "SELECT max(time) FROM message WHERE conversation = ?", arguments: [channel])
                guard let latest, latest > from, latest < to else { continue }
                targets.append(HistoryTarget(conversation: channel, correspondent: nil, name: channel, latest: latest))
            }
            return Array(targets.sorted { $0.latest < $1.latest }.prefix(limit))
        }
    }
}
