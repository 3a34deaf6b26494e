import GRDB

/// All that one account has said: to give it to its owner, and to delete it.
extension HistoryStore {
    /// What `account` said and did, oldest first, at most `limit` rows that come after `sequence`.
    package func messages(ofAccount account: String, after sequence: Int64, limit: Int) async throws -> [StoredMessage] {
        try await database.writer.read { db in
            try StoredMessage.fetchAll(
                db,
                sql: """
                    SELECT \(StoredMessage.columns) FROM message INDEXED BY message_account WHERE account = ? AND sequence > ?
                    ORDER BY sequence LIMIT ?
                    """, arguments: [account, sequence, limit])
        }
    }

    /// A row that was deleted.
    package struct ForgottenRow: Sendable {
        package let id: String
        package let conversation: String
        /// Whether it was a message.
        package let isSpoken: Bool
    }

    /// Deletes what `account` said, with the reactions to it; what it did (joins and the like) too. At most `limit` of its rows at
    /// once; returns these, oldest first.
    package func forget(account: String, limit: Int = 5_000) async throws -> [ForgottenRow] {
        try await database.writer.write { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT id, conversation, kind < 2 AS spoken FROM message INDEXED BY message_account WHERE account = ?
                    ORDER BY sequence LIMIT ?
                    """, arguments: [account, limit]
            ).map { ForgottenRow(id: $0["id"], conversation: $0["conversation"], isSpoken: $0["spoken"]) }
            for row in rows {
                try db.execute(sql: "DELETE FROM message WHERE id = ?1 OR subject = ?1", arguments: [row.id])
            }
            if rows.count < limit {
                // With whom it talked is a part of what it said.
                try db.execute(sql: "DELETE FROM correspondence WHERE correspondent = ?", arguments: [account.lowercasedASCII])
            }
            return rows
        }
    }
}
