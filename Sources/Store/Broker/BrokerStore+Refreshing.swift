package import Foundation
import GRDB

/// The steps of one refresh, in their order: intent, rotation, access token; or intent, failure or death.
extension BrokerStore {
    /// Notes that the refresh token of `generation` is about to be sent. False when the session is no longer live in
    /// that generation: then nothing may be sent.
    package func writeIntent(_ id: String, generation: Int64, tokenHash: Data, now: Int64) async throws -> Bool {
        try await database.writer.write { db in
            try db.execute(
                sql: """
                    UPDATE pds_session SET refresh_started_at = ?, refresh_hash = ?
                    WHERE id = ? AND generation = ? AND state = 'live'
                    """, arguments: [now, tokenHash, id, generation])
            return db.changesCount == 1
        }
    }

    /// Stores the rotated refresh token and closes the intent. The access token is not trusted yet; the old one is gone.
    ///
    /// - Parameter refreshToken: nil when the server left the old one in force.
    /// - Returns: false when the session was ended meanwhile; nothing is stored then.
    package func storeRotation(_ id: String, refreshToken: String?, pds: String, now: Int64) async throws -> Bool {
        try await database.writer.write { db in
            let sealed = try refreshToken.map { try seal($0, .refreshToken, of: id, in: db) }
            try db.execute(
                sql: """
                    UPDATE pds_session SET refresh_token = coalesce(?, refresh_token), access_token = NULL, access_expires_at = 0,
                        generation = generation + 1, refresh_started_at = NULL, refresh_hash = NULL, refreshed_at = ?, pds = ?
                    WHERE id = ? AND state = 'live'
                    """, arguments: [sealed, now, pds, id])
            return db.changesCount == 1
        }
    }

    /// Stores the access token after its answer was validated, and forgets earlier failures.
    package func storeAccess(_ id: String, accessToken: String, expiresAt: Int64, scope: String) async throws {
        try await database.writer.write { db in
            let sealed = try seal(accessToken, .accessToken, of: id, in: db)
            try db.execute(
                sql: """
                    UPDATE pds_session SET access_token = ?, access_expires_at = ?, scope = ?, failures = 0, retry_at = NULL
                    WHERE id = ? AND state = 'live'
                    """, arguments: [sealed, expiresAt, scope, id])
        }
    }

    /// Notes a refresh that brought nothing.
    ///
    /// - Parameters:
    ///   - failures: how many in a row by now.
    ///   - retryAt: milliseconds since 1970; not before then.
    ///   - isSettled: whether it is known what became of the refresh token; otherwise the intent stays open.
    package func storeFailure(_ id: String, failures: Int, retryAt: Int64, isSettled: Bool) async throws {
        try await database.writer.write { db in
            try db.execute(
                sql: """
                    UPDATE pds_session SET failures = ?, retry_at = ?,
                        refresh_started_at = iif(?, NULL, refresh_started_at), refresh_hash = iif(?, NULL, refresh_hash)
                    WHERE id = ?
                    """, arguments: [failures, retryAt, isSettled, isSettled, id])
        }
    }

    /// Ends a session for good and wipes its secrets.
    package func storeDeath(_ id: String, reason: String) async throws {
        try await database.writer.write { db in try kill(db, id, reason: reason) }
    }

    func kill(_ db: Database, _ id: String, reason: String) throws {
        try db.execute(
            sql: """
                UPDATE pds_session SET state = 'dead', dead_reason = ?, refresh_token = NULL, access_token = NULL, dpop_key = NULL,
                    access_expires_at = 0, refresh_started_at = NULL, refresh_hash = NULL, retry_at = NULL
                WHERE id = ? AND state = 'live'
                """, arguments: [reason, id])
    }

    /// Notes that the session served its owner, and the handle if it was just verified.
    package func storeUse(_ id: String, verifiedHandle: String?, now: Int64) async throws {
        try await database.writer.write { db in
            try db.execute(
                sql: """
                    UPDATE pds_session SET used_at = ?, handle = coalesce(?, handle),
                        handle_checked_at = iif(? IS NULL, handle_checked_at, ?)
                    WHERE id = ?
                    """, arguments: [now, verifiedHandle, verifiedHandle, now, id])
        }
    }
}
