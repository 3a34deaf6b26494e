import GRDB

/// The client certificates that open accounts (SASL EXTERNAL), by the lower-case hex SHA-256 of each.
extension AccountStore {
    /// How an attempt to add one ended.
    package enum Addition: Sendable, Equatable {
        case added
        /// It opens this account or another one.
        case taken
        case tooMany
    }

    /// Makes a certificate open an account, besides at most `limit` - 1 others.
    package func add(certificate fingerprint: String, toAccount account: String, limit: Int, now: Int64) async throws -> Addition {
        try await database.writer.write { db in
            let folded = account.lowercasedASCII
            let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM account_certificate WHERE account = ?", arguments: [folded]) ?? 0
            guard count < limit else { return .tooMany }
            try db.execute(
                sql: "INSERT OR IGNORE INTO account_certificate (fingerprint, account, added_at) VALUES (?, ?, ?)",
                arguments: [fingerprint, folded, now])
            return db.changesCount == 1 ? .added : .taken
        }
    }

    /// Returns whether it opened this account.
    package func remove(certificate fingerprint: String, fromAccount account: String) async throws -> Bool {
        try await database.writer.write { db in
            try db.execute(
                sql: "DELETE FROM account_certificate WHERE fingerprint = ? AND account = ?",
                arguments: [fingerprint, account.lowercasedASCII])
            return db.changesCount == 1
        }
    }

    /// Those of an account, the oldest first, with when each was added (milliseconds since 1970).
    package func certificates(ofAccount account: String) async throws -> [(fingerprint: String, addedAt: Int64)] {
        try await database.writer.read { db in
            try Row.fetchAll(
                db, sql: "SELECT fingerprint, added_at FROM account_certificate WHERE account = ? ORDER BY added_at, fingerprint",
                arguments: [account.lowercasedASCII]
            ).map { ($0["fingerprint"], $0["added_at"]) }
        }
    }

    /// The account that a certificate opens; nil when it opens none.
    package func find(certificate fingerprint: String) async throws -> AccountRecord? {
        try await database.writer.read { db in
            try Row.fetchOne(
                db,
                sql: "SELECT account.* FROM account_certificate AS c JOIN account ON account.folded = c.account WHERE c.fingerprint = ?",
                arguments: [fingerprint]
            ).map(AccountRecord.init)
        }
    }
}
