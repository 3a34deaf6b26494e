import Foundation
import GRDB

/// One account as it is stored.
package struct AccountRecord: Sendable, Hashable {
    /// Its name on the wire: a DID, or the name of a local account.
    package var name: String
    package var did: String?
    /// A PHC string; nil when it has no password.
    package var passwordHash: String?
    /// What SCRAM needs of the same password; nil when it cannot log in so.
    package var scramVerifier: String?
    package var isOperator = false
    package var isSuspended = false
    /// Milliseconds since 1970.
    package var createdAt: Int64
    package var lastLoginAt: Int64?
    package var settings = AccountSettings()

    /// Whether it has a name of its own, perhaps with a DID linked to it; the account of a DID is called like it.
    package var isLocal: Bool { did != name }

    package init(name: String, did: String? = nil, passwordHash: String? = nil, isOperator: Bool = false, createdAt: Int64) {
        (self.name, self.did, self.passwordHash, self.isOperator, self.createdAt) = (name, did, passwordHash, isOperator, createdAt)
    }

    init(_ row: Row) {
        name = row["name"]
        did = row["did"]
        passwordHash = row["password_hash"]
        scramVerifier = row["scram_verifier"]
        isOperator = row["is_operator"]
        isSuspended = row["is_suspended"]
        createdAt = row["created_at"]
        lastLoginAt = row["last_login_at"]
        settings = (row["settings"] as String?).flatMap { try? JSONDecoder().decode(AccountSettings.self, from: Data($0.utf8)) } ?? settings
    }
}

/// The accounts in SQLite. Names are found without regard to ASCII case. Every change is durable when the call returns.
package struct AccountStore: Sendable {
    let database: RoostDatabase

    package init(_ database: RoostDatabase) {
        self.database = database
    }

    /// How many accounts there are.
    package func count() async throws -> Int {
        try await database.writer.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM account") ?? 0 }
    }

    /// The account of this name; nil when there is none.
    package func find(name: String) async throws -> AccountRecord? {
        try await database.writer.read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM account WHERE folded = ?", arguments: [name.lowercasedASCII]).map(AccountRecord.init)
        }
    }

    /// The account that this DID opens; nil when there is none.
    package func find(did: String) async throws -> AccountRecord? {
        try await database.writer.read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM account WHERE did = ?", arguments: [did]).map(AccountRecord.init)
        }
    }

    /// Adds an account. Returns false, and changes nothing, when the name or the DID is taken, or the name was that of an account that
    /// is deleted.
    package func create(_ account: AccountRecord) async throws -> Bool {
        try await database.writer.write { db in try Self.insert(account, db) }
    }

    static func insert(_ account: AccountRecord, _ db: Database) throws -> Bool {
        try db.execute(
            sql: """
                INSERT INTO account (name, folded, did, password_hash, is_operator, is_suspended, created_at, settings, scram_verifier)
                SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE NOT EXISTS (SELECT 1 FROM former_account WHERE folded = ?2)
                    AND NOT EXISTS (SELECT 1 FROM nickname WHERE nick = ?2)
                ON CONFLICT DO NOTHING
                """,
            arguments: [
                account.name, account.name.lowercasedASCII, account.did, account.passwordHash, account.isOperator, account.isSuspended,
                account.createdAt, String(decoding: try JSONEncoder().encode(account.settings), as: UTF8.self), account.scramVerifier,
            ])
        return db.changesCount == 1
    }

    /// The account of a DID, made when this is its first login; notes the login.
    package func logIn(did: String, now: Int64) async throws -> AccountRecord {
        try await database.writer.write { db in
            try db.execute(
                sql: """
                    INSERT INTO account (name, folded, did, created_at, last_login_at) VALUES (?1, ?2, ?1, ?3, ?3)
                    ON CONFLICT (did) DO UPDATE SET last_login_at = excluded.last_login_at
                    """,
                arguments: [did, did.lowercasedASCII, now])
            guard let row = try Row.fetchOne(db, sql: "SELECT * FROM account WHERE did = ?", arguments: [did]) else {
                throw DatabaseError(message: "the account of \(did) is gone")
            }
            return AccountRecord(row)
        }
    }

    /// Notes a login by password.
    package func recordLogin(name: String, now: Int64) async throws {
        try await update("UPDATE account SET last_login_at = ?2 WHERE folded = ?1", name, now)
    }

    package func setOperator(_ isOperator: Bool, name: String) async throws {
        try await update("UPDATE account SET is_operator = ?2 WHERE folded = ?1", name, isOperator)
    }

    /// Closes an account.
    ///
    /// - Parameter reason: what its owner is told; nil: none is given.
    package func suspend(name: String, reason: String? = nil) async throws {
        try await setSuspended(true, reason, name)
    }

    /// Opens an account that was suspended.
    package func unsuspend(name: String) async throws {
        try await setSuspended(false, nil, name)
    }

    /// In one transaction: an account is neither closed without its reason, nor told one while it is open.
    private func setSuspended(_ isSuspended: Bool, _ reason: String?, _ name: String) async throws {
        try await database.writer.write { db in
            _ = try Self.changeSettings(name, db) { $0.suspensionReason = reason }
            try db.execute(
                sql: "UPDATE account SET is_suspended = ? WHERE folded = ?", arguments: [isSuspended, name.lowercasedASCII])
        }
    }

    /// Also makes a code void that could change the password.
    ///
    /// - Parameter scramVerifier: of the same password. What was there of the old one is gone in any case.
    package func setPasswordHash(_ hash: String, scramVerifier: String? = nil, name: String) async throws {
        try await database.writer.write { db in
            try db.execute(
                sql: "UPDATE account SET password_hash = ?, scram_verifier = ? WHERE folded = ?",
                arguments: [hash, scramVerifier, name.lowercasedASCII])
            try db.execute(
                sql: "DELETE FROM mailed_code WHERE purpose = 'reset' AND account = ?", arguments: [name.lowercasedASCII])
        }
    }

    /// Gives an account that has no password its first one; false when it has one.
    package func setFirstPasswordHash(_ hash: String, scramVerifier: String? = nil, name: String) async throws -> Bool {
        try await database.writer.write { db in
            try db.execute(
                sql: "UPDATE account SET password_hash = ?, scram_verifier = ? WHERE folded = ? AND password_hash IS NULL",
                arguments: [hash, scramVerifier, name.lowercasedASCII])
            return db.changesCount == 1
        }
    }

    /// Stores a new hash and a new verifier of the same password. Does nothing, and returns false, when the password was changed
    /// meanwhile, which is when `old` is not the hash any more.
    package func renewPasswordHash(from old: String, to hash: String, scramVerifier: String?, name: String) async throws -> Bool {
        try await database.writer.write { db in
            try db.execute(
                sql: "UPDATE account SET password_hash = ?, scram_verifier = ? WHERE folded = ? AND password_hash = ?",
                arguments: [hash, scramVerifier, name.lowercasedASCII, old])
            return db.changesCount == 1
        }
    }

    /// Changes the settings in one transaction and returns them; nil when there is no such account.
    package func changeSettings(
        name: String, _ change: @escaping @Sendable (inout AccountSettings) -> Void
    ) async throws -> AccountSettings? {
        try await database.writer.write { db in try Self.changeSettings(name, db, change) }
    }

    static func changeSettings(_ name: String, _ db: Database, _ change: (inout AccountSettings) -> Void) throws -> AccountSettings? {
        let row = try Row.fetchOne(db, sql: "SELECT * FROM account WHERE folded = ?", arguments: [name.lowercasedASCII])
        guard var settings = row.map({ AccountRecord($0).settings }) else { return nil }
        change(&settings)
        let text = String(decoding: try JSONEncoder().encode(settings), as: UTF8.self)
        try db.execute(sql: "UPDATE account SET settings = ? WHERE folded = ?", arguments: [text, name.lowercasedASCII])
        return settings
    }

    /// The accounts whose names fit a glob, in their order, at most `limit`.
    package func list(matching glob: String, limit: Int) async throws -> [AccountRecord] {
        try await database.writer.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM account WHERE folded GLOB ? ORDER BY folded LIMIT ?", arguments: [glob.lowercasedASCII, limit]
            ).map(AccountRecord.init)
        }
    }

    /// The accounts behind the one of this folded name, in the order of their names, at most `limit`.
    ///
    /// - Parameter name: nil: from the first.
    package func list(after name: String?, limit: Int) async throws -> [AccountRecord] {
        try await database.writer.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM account WHERE folded > ? ORDER BY folded LIMIT ?", arguments: [name ?? "", limit]
            ).map(AccountRecord.init)
        }
    }

    // MARK: Nicknames

    /// The account that each reserved nickname belongs to, by folded nickname: local accounts have their own name, and what
    /// was reserved for them or for others.
    package func nicknames() async throws -> [String: String] {
        try await database.writer.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT folded AS nick, folded AS account FROM account WHERE did IS NOT name
                    UNION ALL SELECT nick, account FROM nickname
                    """)
            return Dictionary(rows.map { ($0["nick"], $0["account"]) }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// Reserves a nickname. False when it is reserved already.
    package func reserve(nickname: String, account: String) async throws -> Bool {
        try await database.writer.write { db in
            let isName = try Bool.fetchOne(
                db, sql: "SELECT EXISTS (SELECT 1 FROM account WHERE folded = ? AND did IS NOT name)", arguments: [nickname.lowercasedASCII]
            )
            guard isName != true else { return false }
            try db.execute(
                sql: "INSERT INTO nickname (nick, account) VALUES (?, ?) ON CONFLICT DO NOTHING",
                arguments: [nickname.lowercasedASCII, account.lowercasedASCII])
            return db.changesCount == 1
        }
    }

    /// Gives a nickname of an account free. False when it was not reserved for it.
    package func release(nickname: String, account: String) async throws -> Bool {
        try await database.writer.write { db in
            try db.execute(
                sql: "DELETE FROM nickname WHERE nick = ? AND account = ?",
                arguments: [nickname.lowercasedASCII, account.lowercasedASCII])
            return db.changesCount == 1
        }
    }

    private func update(_ sql: String, _ name: String, _ value: some DatabaseValueConvertible & Sendable) async throws {
        try await database.writer.write { db in
            try db.execute(sql: sql, arguments: [name.lowercasedASCII, value])
        }
    }
}

extension String {
    /// With the letters A to Z in lower case: how names are compared.
    package var lowercasedASCII: String {
        String(decoding: utf8.map { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") ? $0 + 32 : $0 }, as: UTF8.self)
    }
}
