import Foundation
import GRDB

/// What was said, in SQLite.
package struct HistoryStore: Sendable {
    let database: RoostDatabase

    package init(_ database: RoostDatabase) {
        self.database = database
    }

    /// Stores `messages` in one transaction; those whose id is there already are left alone, so that a retry is harmless. What is
    /// about a revision is kept as about the message, and a new text of a message that is gone is not kept.
    package func append(_ messages: [StoredMessage]) async throws {
        try await database.writer.write { db in
            let insert = try db.makeStatement(
                sql: """
                    INSERT OR IGNORE INTO message
                    (sequence, id, conversation, time, kind, source, account, tags, text, recipient, parameters, connection, subject)
                    SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,
                    coalesce((SELECT subject FROM message WHERE id = ?13 AND conversation = ?3 AND kind < 2), ?13)
                    WHERE ?13 IS NULL OR ?5 >= 2 OR EXISTS (SELECT 1 FROM message WHERE id = ?13)
                    """)
            let meet = try db.makeStatement(
                sql: """
                    INSERT INTO correspondence (correspondent, conversation, latest, name) VALUES (?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET latest = excluded.latest, name = excluded.name
                    """)
            for message in messages {
                try insert.execute(arguments: [
                    message.sequence, message.id, message.conversation, message.time, message.kind.rawValue, message.source,
                    message.account, message.tags, message.text, message.recipient, message.parameters, message.connection,
                    message.subject,
                ])
                guard db.changesCount > 0, message.kind.isSpoken, let recipient = message.recipient else { continue }
                let sender = String(message.source.prefix { $0 != "!" })
                for side in message.conversation.split(separator: " ") where !side.hasPrefix("guest:") {
                    let isSender = String(side) == message.account?.lowercasedASCII
                    try meet.execute(arguments: [String(side), message.conversation, message.time, isSender ? recipient : sender])
                }
            }
        }
    }

    /// The sequence of the newest message and its time; zero when there is none.
    package func newest() async throws -> (sequence: Int64, time: Int64) {
        try await database.writer.read { db in
            let row = try Row.fetchOne(db, sql: "SELECT sequence, time FROM message ORDER BY sequence DESC LIMIT 1")
            return (row?["sequence"] ?? 0, row?["time"] ?? 0)
        }
    }

    /// The message of this id; nil when there is none.
    package func find(id: String) async throws -> StoredMessage? {
        try await database.writer.read { db in
            try StoredMessage.fetchOne(
                db.cachedStatement(sql: "SELECT \(StoredMessage.columns) FROM message WHERE id = ?"), arguments: [id])
        }
    }

    /// Deletes a message with all its revisions and the reactions to it.
    ///
    /// - Parameter root: the id of its first revision.
    /// - Returns: the ids of the revisions that there were.
    package func delete(root: String) async throws -> [String] {
        try await database.writer.write { db in
            let ids = try String.fetchAll(
                db, sql: "SELECT id FROM message WHERE id = ?1 OR (subject = ?1 AND kind < 2) ORDER BY sequence", arguments: [root])
            try db.execute(sql: "DELETE FROM message WHERE id = ?1 OR subject = ?1", arguments: [root])
            return ids
        }
    }

    /// Makes everything of one conversation a part of another one: the channel has another name now.
    package func move(_ conversation: String, to other: String) async throws {
        try await database.writer.write { db in
            try db.execute(sql: "UPDATE message SET conversation = ? WHERE conversation = ?", arguments: [other, conversation])
        }
    }
}
