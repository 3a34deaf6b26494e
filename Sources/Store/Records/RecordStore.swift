package import Foundation
import GRDB

/// Things of one kind that live in memory and are kept whole, each as one document under its key. Every change is durable when
/// the call returns.
package struct RecordStore: Sendable {
    package enum Kind: String, Sendable {
        /// A channel that stays, by its folded name.
        case channel
        /// A person who stays without a connection, by the folded name of the account.
        case presence
    }

    private let database: RoostDatabase
    private let kind: Kind

    package init(_ database: RoostDatabase, _ kind: Kind) {
        (self.database, self.kind) = (database, kind)
    }

    /// All documents by key.
    package func all() async throws -> [String: Data] {
        let kind = kind.rawValue
        return try await database.writer.read { db in
            let rows = try Row.fetchAll(db, sql: "SELECT key, value FROM record WHERE kind = ?", arguments: [kind])
            return Dictionary(rows.map { ($0["key"], $0["value"]) }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// Stores documents in one transaction; nil deletes one.
    package func put(_ changes: [String: Data?]) async throws {
        let kind = kind.rawValue
        try await database.writer.write { db in
            for (key, value) in changes {
                if let value {
                    try db.execute(
                        sql: "INSERT OR REPLACE INTO record (kind, key, value) VALUES (?, ?, ?)", arguments: [kind, key, value])
                } else {
                    try db.execute(sql: "DELETE FROM record WHERE kind = ? AND key = ?", arguments: [kind, key])
                }
            }
        }
    }
}
