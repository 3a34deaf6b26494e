package import Foundation
import GRDB

/// The sessions of the login broker in SQLite. Every function is one transaction and is durable when it returns.
/// Secrets are sealed on the way in and opened on the way out; broker tokens are known by their SHA-256 only.
package struct BrokerStore: Sendable {
    let database: RoostDatabase
    let box: SecretBox

    package init(database: RoostDatabase, box: SecretBox) {
        (self.database, self.box) = (database, box)
    }

    /// Seals a text, in the transaction that stores it.
    func seal(_ text: String, _ column: SealedColumn, of id: String, in db: Database) throws -> Data {
        try box.seal(Data(text.utf8), column, of: id, in: db)
    }

    /// Stores a session and the hash of its broker token. Older sessions of the account make room when there are more
    /// than `limit`: those come back, so that they can be revoked. Sessions of other devices otherwise stay.
    package func open(_ new: NewPDSSession, tokenHash: Data, limit: Int) async throws -> [EndedSession] {
        try await database.writer.write { db in
            let refreshToken = try seal(new.secrets.refreshToken, .refreshToken, of: new.id, in: db)
            let accessToken = try new.secrets.accessToken.map { try seal($0, .accessToken, of: new.id, in: db) }
            let proofKey = try box.seal(new.secrets.proofKey, .proofKey, of: new.id, in: db)
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
