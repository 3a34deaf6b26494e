package import Foundation
import GRDB

/// The sessions of the login broker in SQLite. Every function is one transaction and is durable when it returns.
/// Secrets are sealed on the way in and opened on the way out; broker tokens are known by their SHA-256 only.
package struct BrokerStore: Sendable {
    let database: RoostDatabase
    let box: SecretBox

    /// Opens the store, making the key file on the first run.
    ///
    /// Throws ``SecretKeyFileError`` when the key cannot be had, and ``SecretBoxError/otherKey`` when it is not the
    /// one that sealed what the database holds.
    package init(database: RoostDatabase, keyFile: String) throws {
        let sealed = try database.writer.read { db in
            try Row.fetchOne(db, sql: "SELECT id, refresh_token FROM pds_session WHERE refresh_token IS NOT NULL LIMIT 1")
        }
        self.init(database: database, box: SecretBox(key: try SecretKeyFile.load(path: keyFile, secretsExist: sealed != nil)))
        if let sealed { _ = try box.open(sealed["refresh_token"], for: Column.refreshToken.place(sealed["id"])) }
    }

    /// The store over an open database, with a key that is already at hand.
    package init(database: RoostDatabase, box: SecretBox) {
        (self.database, self.box) = (database, box)
    }

    /// The sealed columns.
    enum Column: String {
        case refreshToken = "refresh_token"
        case accessToken = "access_token"
        case proofKey = "dpop_key"

        func place(_ id: String) -> String { "pds_session/\(id)/\(rawValue)" }
    }

    /// Seals a value for its row and column.
    func seal(_ text: String, _ column: Column, of id: String) throws(SecretBoxError) -> Data {
        try box.seal(Data(text.utf8), for: column.place(id))
    }

    /// Stores a session and the hash of its broker token. Older sessions of the account make room when there are more
    /// than `limit`: those come back, so that they can be revoked. Sessions of other devices otherwise stay.
    package func open(_ new: NewPDSSession, tokenHash: Data, limit: Int) async throws -> [EndedSession] {
        let refreshToken = try seal(new.secrets.refreshToken, .refreshToken, of: new.id)
        let accessToken = try new.secrets.accessToken.map { try seal($0, .accessToken, of: new.id) }
        let proofKey = try box.seal(new.secrets.proofKey, for: Column.proofKey.place(new.id))
        return try await database.writer.write { db in
            try db.execute(
                sql: """
                    INSERT INTO pds_session (id, did, pds, issuer, client_id, client_key, scope, state, refresh_token,
                        access_token, access_expires_at, dpop_key, handle, handle_checked_at, created_at, refreshed_at, used_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, 'live', ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    new.id, new.did, new.pds, new.issuer, new.clientID, new.clientKey, new.scope, refreshToken, accessToken,
                    new.accessExpiresAt, proofKey, new.handle, new.handle == nil ? 0 : new.createdAt, new.createdAt, new.createdAt,
                    new.createdAt,
                ])
            try db.execute(
                sql: "INSERT INTO broker_token (hash, session, created_at) VALUES (?, ?, ?)", arguments: [tokenHash, new.id, new.createdAt])
            try describe(db, new)
            return try makeRoom(db, for: new, limit: limit)
        }
    }

    private func makeRoom(_ db: Database, for new: NewPDSSession, limit: Int) throws -> [EndedSession] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT * FROM pds_session WHERE did = ? AND id <> ?
                ORDER BY state = 'live' DESC, used_at DESC, rowid DESC LIMIT -1 OFFSET ?
                """, arguments: [new.did, new.id, max(0, limit - 1)])
        for row in rows { try db.execute(sql: "DELETE FROM pds_session WHERE id = ?", arguments: [row["id"] as String]) }
        return rows.compactMap(ended)
    }

}
