package import Foundation
import GRDB

/// A signing key of the OAuth client, without its secret half.
package struct StoredClientKey: Hashable, Sendable {
    /// What it is called in assertions.
    package let id: String
    /// The point of P-256: 64 bytes.
    package let publicKey: Data
    /// Milliseconds since 1970.
    package let createdAt: Int64
    /// How many live sessions were opened with it.
    package let sessions: Int
}

/// The signing keys of the OAuth client. One is added from time to time for new sessions; each stays for as long as a
/// session needs it.
extension BrokerStore {
    /// All keys, oldest first.
    package func clientKeys() async throws -> [StoredClientKey] {
        try await database.writer.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT *, (SELECT count(*) FROM pds_session s WHERE s.client_key = k.id AND s.state = 'live') AS sessions
                    FROM client_key k ORDER BY k.rowid
                    """
            ).map { StoredClientKey(id: $0["id"], publicKey: $0["public_key"], createdAt: $0["created_at"], sessions: $0["sessions"]) }
        }
    }

    /// The secret half of a key; nil when there is no such key. Throws ``SecretBoxError`` when it does not open.
    package func clientKeySecret(id: String) async throws -> Data? {
        try await database.writer.read { db in
            try Data.fetchOne(db, sql: "SELECT secret FROM client_key WHERE id = ?", arguments: [id])
                .map { try box.open($0, .clientKey, of: id) }
        }
    }

    /// Adds a key. Sessions use it as soon as whoever opens them does.
    package func addClientKey(id: String, publicKey: Data, secret: Data, now: Int64) async throws {
        try await database.writer.write { db in
            let sealed = try box.seal(secret, .clientKey, of: id, in: db)
            try db.execute(
                sql: "INSERT INTO client_key (id, public_key, secret, created_at) VALUES (?, ?, ?, ?)",
                arguments: [id, publicKey, sealed, now])
        }
    }

    /// Deletes the keys that no live session was opened with, when a newer one is older than `time` (milliseconds since
    /// 1970), and says how many.
    package func dropClientKeys(replacedBefore time: Int64) async throws -> Int {
        try await database.writer.write { db in
            try db.execute(
                sql: """
                    DELETE FROM client_key
                    WHERE EXISTS (SELECT 1 FROM client_key n WHERE n.rowid > client_key.rowid AND n.created_at < ?)
                        AND NOT EXISTS (SELECT 1 FROM pds_session s WHERE s.client_key = client_key.id AND s.state = 'live')
                    """, arguments: [time])
            return db.changesCount
        }
    }
}
