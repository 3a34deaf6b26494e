package import Foundation
import GRDB

/// Small values that the server must not forget: secrets of its own, the code of the first operator.
package struct ServerStateStore: Sendable {
    /// Where the hash of the one-time code waits for whoever claims the server.
    package static let operatorClaim = "operator.claim"

    /// Where the version of Roost stands that used the database last.
    package static let version = "version"

    private let database: RoostDatabase

    package init(_ database: RoostDatabase) {
        self.database = database
    }

    package func get(_ key: String) async throws -> Data? {
        try await database.writer.read { db in
            try Data.fetchOne(db, sql: "SELECT value FROM server_state WHERE key = ?", arguments: [key])
        }
    }

    package func set(_ key: String, _ value: Data) async throws {
        try await database.writer.write { db in
            try db.execute(sql: "INSERT OR REPLACE INTO server_state (key, value) VALUES (?, ?)", arguments: [key, value])
        }
    }

    /// Deletes the value if it is still `expected`, in one transaction; returns whether it was.
    package func compareAndDelete(_ key: String, expected: Data) async throws -> Bool {
        try await database.writer.write { db in
            try db.execute(sql: "DELETE FROM server_state WHERE key = ? AND value = ?", arguments: [key, expected])
            return db.changesCount == 1
        }
    }
}
