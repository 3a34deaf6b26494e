import GRDB

/// How far each account has read in each conversation (draft/read-marker). Times in milliseconds since 1970.
package struct ReadMarkerStore: Sendable {
    private let database: RoostDatabase

    package init(_ database: RoostDatabase) {
        self.database = database
    }

    /// The markers of an account, by the folded name of the channel or correspondent.
    package func all(ofAccount account: String) async throws -> [String: Int64] {
        try await database.writer.read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT target, time FROM read_marker WHERE account = ?", arguments: [account.lowercasedASCII])
            return Dictionary(rows.map { ($0["target"], $0["time"]) }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// Moves a marker forward, never back, and keeps the `limit` newest ones of the account.
    package func set(_ target: String, _ time: Int64, ofAccount account: String, limit: Int) async throws {
        let account = account.lowercasedASCII
        try await database.writer.write { db in
            try Self.move(account, target, time, db)
            try db.execute(
                sql: """
                    DELETE FROM read_marker WHERE account = ? AND target IN
                    (SELECT target FROM read_marker WHERE account = ? ORDER BY time DESC LIMIT -1 OFFSET ?)
                    """, arguments: [account, account, limit])
        }
    }

    /// A channel has another name: the markers of everybody go along.
    package func rename(_ target: String, to other: String) async throws {
        try await database.writer.write { db in
            try db.execute(sql: "UPDATE OR REPLACE read_marker SET target = ? WHERE target = ?", arguments: [other, target])
        }
    }
}

extension ReadMarkerStore {
    /// Markers of conversations were kept under the names that were typed. Each becomes that of the conversation which is meant by it.
    static func keyByCorrespondent(_ db: Database) throws {
        for row in try Row.fetchAll(db, sql: "SELECT account, target, time FROM read_marker WHERE target NOT LIKE '#%'") {
            let (account, target): (String, String) = (row["account"], row["target"])
            guard let conversation = try HistoryStore.conversation(of: account, with: target, db),
                let other = Conversation.other(than: account, in: conversation), other != target
            else { continue }
            try db.execute(sql: "DELETE FROM read_marker WHERE account = ? AND target = ?", arguments: [account, target])
            try move(account, other, row["time"], db)
        }
    }

    private static func move(_ account: String, _ target: String, _ time: Int64, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO read_marker (account, target, time) VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET time = max(time, excluded.time)
                """, arguments: [account, target, time])
    }
}
