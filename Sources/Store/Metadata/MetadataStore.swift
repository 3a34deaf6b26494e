import GRDB

/// The metadata of accounts in SQLite (draft/metadata-2). Every change is durable when the call returns.
package struct MetadataStore: Sendable {
    private let database: RoostDatabase

    package init(_ database: RoostDatabase) {
        self.database = database
    }

    /// Values by key.
    package func values(ofAccount account: String) async throws -> [String: String] {
        try await database.writer.read { db in
            let rows = try Row.fetchAll(db, sql: "SELECT key, value FROM metadata WHERE owner = ?", arguments: [account.lowercasedASCII])
            return Dictionary(rows.map { ($0["key"], $0["value"]) }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// Stores `changes` in one transaction; nil takes a key away.
    package func change(_ changes: [String: String?], ofAccount account: String) async throws {
        try await database.writer.write { db in
            for (key, value) in changes {
                if let value {
                    try db.execute(
                        sql: "INSERT OR REPLACE INTO metadata (owner, key, value) VALUES (?, ?, ?)",
                        arguments: [account.lowercasedASCII, key, value])
                } else {
                    try db.execute(
                        sql: "DELETE FROM metadata WHERE owner = ? AND key = ?", arguments: [account.lowercasedASCII, key])
                }
            }
        }
    }
}
