package import Foundation
import GRDB

/// The codes, sent by mail, with which people get another password. One for each account.
extension AccountStore {
    /// How often a code may be tried.
    package static let resetAttempts = 5

    /// Lets a code change the password of an account until `expiresAt`; an earlier one is void. False when `limit` other accounts have
    /// one.
    package func openReset(ofAccount name: String, hash: Data, expiresAt: Int64, now: Int64, limit: Int) async throws -> Bool {
        try await database.writer.write { db in
            let folded = name.lowercasedASCII
            try db.execute(sql: "DELETE FROM password_reset WHERE expires_at <= ?", arguments: [now])
            let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM password_reset WHERE account <> ?", arguments: [folded]) ?? 0
            guard count < limit else { return false }
            try db.execute(
                sql: "INSERT OR REPLACE INTO password_reset (account, hash, expires_at) VALUES (?, ?, ?)",
                arguments: [folded, hash, expiresAt])
            return true
        }
    }

    /// Counts one attempt, and tells whether it is the right code.
    package func tryReset(ofAccount name: String, hash: Data, now: Int64) async throws -> Bool {
        try await database.writer.write { db in
            let folded = name.lowercasedASCII
            try db.execute(
                sql: "UPDATE password_reset SET attempts = attempts + 1 WHERE account = ? AND attempts < ? AND expires_at > ?",
                arguments: [folded, Self.resetAttempts, now])
            guard db.changesCount == 1 else { return false }
            return try Data.fetchOne(db, sql: "SELECT hash FROM password_reset WHERE account = ?", arguments: [folded]) == hash
        }
    }

    /// Changes the password with a code that was found right; it is void from now on. False when it is by now.
    ///
    /// - Parameter scramVerifier: of the same password.
    package func reset(
        _ name: String, to passwordHash: String, scramVerifier: String? = nil, with hash: Data, now: Int64
    ) async throws -> Bool {
        try await database.writer.write { db in
            let folded = name.lowercasedASCII
            try db.execute(
                sql: "DELETE FROM password_reset WHERE account = ? AND hash = ? AND expires_at > ?", arguments: [folded, hash, now])
            guard db.changesCount == 1 else { return false }
            try db.execute(
                sql: """
                    UPDATE account SET password_hash = ?, scram_verifier = ?
                    WHERE folded = ? AND is_suspended = 0 AND password_hash IS NOT NULL
                    """,
                arguments: [passwordHash, scramVerifier, folded])
            return db.changesCount == 1
        }
    }
}
