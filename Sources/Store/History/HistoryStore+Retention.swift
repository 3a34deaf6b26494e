import GRDB

/// Deleting what need not be kept any longer.
extension HistoryStore {
    /// Deletes what is older than `time`, at most `limit` rows at once; returns how many.
    package func prune(before time: Int64, limit: Int = 10_000) async throws -> Int {
        try await database.writer.write { db in
            try db.execute(
                sql: "DELETE FROM message WHERE sequence IN (SELECT sequence FROM message WHERE time < ? ORDER BY time LIMIT ?)",
                arguments: [time, limit])
            let deleted = db.changesCount
            if deleted == 0 { try db.execute(sql: "DELETE FROM correspondence WHERE latest < ?", arguments: [time]) }
            return deleted
        }
    }

    /// The conversation that follows `conversation` in the order of their keys; nil after the last one.
    package func conversation(after conversation: String) async throws -> String? {
        try await database.writer.read { db in
            try String.fetchOne(
                db, sql: "SELECT conversation FROM message WHERE conversation > ? ORDER BY conversation LIMIT 1", arguments: [conversation])
        }
    }

    /// Deletes of one conversation all that is older than its newest `count` messages (edits, reactions and events do not count), and what is older than `time`; at most `limit` rows at once.
    ///
    /// - Parameters:
    ///   - count: nil: any number.
    ///   - time: milliseconds since 1970; nil: any age.
    /// - Returns: how many were deleted.
    package func prune(_ conversation: String, keeping count: Int?, since time: Int64?, limit: Int = 10_000) async throws -> Int {
        try await database.writer.write { db in
            var (edge, sequence) = (time ?? .min, Int64.min)
            if let count {
                let row = try Row.fetchOne(
                    db,
                    sql: """
                        SELECT time, sequence FROM message INDEXED BY message_order
                        WHERE conversation = ? AND kind < 2 AND subject IS NULL ORDER BY time DESC, sequence DESC LIMIT 1 OFFSET ?
                        """, arguments: [conversation, max(0, count - 1)])
                if let row, (row["time"] as Int64, row["sequence"] as Int64) > (edge, sequence) {
                    (edge, sequence) = (row["time"], row["sequence"])
                }
            }
            guard edge > .min else { return 0 }
            try db.execute(
                sql: """
                    DELETE FROM message WHERE sequence IN (
                        SELECT sequence FROM message INDEXED BY message_order WHERE conversation = ? AND (time, sequence) < (?, ?)
                        ORDER BY time, sequence LIMIT ?)
                    """, arguments: [conversation, edge, sequence, limit])
            return db.changesCount
        }
    }
}
