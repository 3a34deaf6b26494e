package import Foundation
import GRDB

/// A code with which accounts may be made, as it is stored.
package struct InviteCodeRecord: Sendable, Hashable {
    /// What it is called; never given to another one.
    package var number: Int64
    package var uses: Int
    package var useLimit: Int
    /// Who made it.
    package var createdBy: String
    /// Milliseconds since 1970.
    package var createdAt: Int64
    /// Likewise; nil: it does not expire.
    package var expiresAt: Int64?
}

/// The codes that operators give to those who may make an account.
extension AccountStore {
    /// How an attempt to make an account with a code ended.
    package enum InvitedCreation: Sendable, Equatable {
        case created
        /// The name is taken, or was that of an account that is deleted.
        case exists
        /// The code is unknown, used up or too old.
        case notInvited
    }

    private struct NotInvited: Error {}

    /// Adds a code and returns its number; nil when there are `limit` that can still be used. Others make room.
    ///
    /// - Parameter hash: of the code.
    package func addInviteCode(
        hash: Data, useLimit: Int, by creator: String, expiresAt: Int64?, now: Int64, limit: Int
    ) async throws -> Int64? {
        try await database.writer.write { db in
            let count = { try Int.fetchOne(db, sql: "SELECT count(*) FROM invite_code") ?? 0 }
            if try count() >= limit {
                try db.execute(sql: "DELETE FROM invite_code WHERE expires_at <= ? OR uses >= use_limit", arguments: [now])
            }
            guard try count() < limit else { return nil }
            try db.execute(
                sql: "INSERT INTO invite_code (hash, use_limit, created_by, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
                arguments: [hash, useLimit, creator, now, expiresAt])
            return db.lastInsertedRowID
        }
    }

    /// All codes, the oldest first.
    package func inviteCodes() async throws -> [InviteCodeRecord] {
        try await database.writer.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM invite_code ORDER BY number").map { row in
                InviteCodeRecord(
                    number: row["number"], uses: row["uses"], useLimit: row["use_limit"], createdBy: row["created_by"],
                    createdAt: row["created_at"], expiresAt: row["expires_at"])
            }
        }
    }

    /// Returns whether there was one of this number.
    package func removeInviteCode(_ number: Int64) async throws -> Bool {
        try await database.writer.write { db in
            try db.execute(sql: "DELETE FROM invite_code WHERE number = ?", arguments: [number])
            return db.changesCount == 1
        }
    }

    /// Whether an account could be made with this code now.
    package func isInvited(hash: Data, now: Int64) async throws -> Bool {
        try await database.writer.read { db in
            try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (
                        SELECT 1 FROM invite_code WHERE hash = ? AND uses < use_limit AND (expires_at IS NULL OR expires_at > ?)
                    )
                    """, arguments: [hash, now]) ?? false
        }
    }

    /// Adds an account and counts one use of a code, both or none.
    package func create(_ account: AccountRecord, invitedBy hash: Data, now: Int64) async throws -> InvitedCreation {
        do {
            return try await database.writer.write { db in
                guard try Self.insert(account, db) else { return .exists }
                // What is thrown takes the account back.
                guard try Self.useInviteCode(hash, now: now, db) else { throw NotInvited() }
                return .created
            }
        } catch is NotInvited {
            return .notInvited
        }
    }

    /// Counts one use of a code; false when it is unknown, used up or too old.
    static func useInviteCode(_ hash: Data, now: Int64, _ db: Database) throws -> Bool {
        try db.execute(
            sql: """
                UPDATE invite_code SET uses = uses + 1
                WHERE hash = ? AND uses < use_limit AND (expires_at IS NULL OR expires_at > ?)
                """, arguments: [hash, now])
        return db.changesCount == 1
    }
}
