package import Foundation
import GRDB

/// A code that was sent by mail, as it is stored or as somebody typed it. There is one for each purpose and account.
package struct MailedCode: Sendable {
    package enum Purpose: String, Sendable {
        /// Makes an account.
        case registration
        /// Gives an account another password.
        case reset
        /// Proves the address of an account.
        case email
    }

    let purpose: Purpose
    /// The folded name of the account, which may be one that is still to be made.
    let account: String
    let hash: Data

    /// - Parameter hash: of the code itself, which is kept nowhere.
    package init(_ purpose: Purpose, ofAccount name: String, hash: Data) {
        (self.purpose, account, self.hash) = (purpose, name.lowercasedASCII, hash)
    }
}

/// The codes that are sent by mail.
extension AccountStore {
    /// How often a code may be tried.
    package static let codeAttempts = 5

    /// Lets a code count until `expiresAt`; an earlier one for the same is void. False when `limit` other accounts have one.
    ///
    /// - Parameters:
    ///   - document: what is to be done when it comes back.
    ///   - expiresAt: milliseconds since 1970, as `now`.
    package func open(
        _ code: MailedCode, document: Data = Data(), expiresAt: Int64, now: Int64, limit: Int
    ) async throws -> Bool {
        try await database.writer.write { db in
            try db.execute(sql: "DELETE FROM mailed_code WHERE expires_at <= ?", arguments: [now])
            let count = try Int.fetchOne(
                db, sql: "SELECT count(*) FROM mailed_code WHERE purpose = ? AND account <> ?",
                arguments: [code.purpose.rawValue, code.account])
            guard count ?? 0 < limit else { return false }
            try db.execute(
                sql: "INSERT OR REPLACE INTO mailed_code (purpose, account, hash, document, expires_at) VALUES (?, ?, ?, ?, ?)",
                arguments: [code.purpose.rawValue, code.account, code.hash, document, expiresAt])
            return true
        }
    }

    /// Counts one attempt. Returns what is to be done when it is the right code; nil otherwise.
    package func attempt(_ code: MailedCode, now: Int64) async throws -> Data? {
        try await database.writer.write { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    UPDATE mailed_code SET attempts = attempts + 1
                    WHERE purpose = ? AND account = ? AND attempts < ? AND expires_at > ? RETURNING hash, document
                    """, arguments: [code.purpose.rawValue, code.account, Self.codeAttempts, now])
            guard let row, row["hash"] as Data == code.hash else { return nil }
            return row["document"]
        }
    }

    /// Makes a code void that was found right. False when it is by now.
    package func spend(_ code: MailedCode, now: Int64) async throws -> Bool {
        try await database.writer.write { db in try Self.spend(code, now: now, db) }
    }

    /// Changes the password of an account with a code that was found right; it is void from now on. False when it is by now.
    ///
    /// - Parameter scramVerifier: of the same password.
    package func setPasswordHash(
        _ hash: String, scramVerifier: String? = nil, name: String, with code: MailedCode, now: Int64
    ) async throws -> Bool {
        try await database.writer.write { db in
            guard try Self.spend(code, now: now, db) else { return false }
            try db.execute(
                sql: """
                    UPDATE account SET password_hash = ?, scram_verifier = ?
                    WHERE folded = ? AND is_suspended = 0 AND password_hash IS NOT NULL
                    """,
                arguments: [hash, scramVerifier, name.lowercasedASCII])
            return db.changesCount == 1
        }
    }

    private static func spend(_ code: MailedCode, now: Int64, _ db: Database) throws -> Bool {
        try db.execute(
            sql: "DELETE FROM mailed_code WHERE purpose = ? AND account = ? AND hash = ? AND expires_at > ?",
            arguments: [code.purpose.rawValue, code.account, code.hash, now])
        return db.changesCount == 1
    }
}

/// The addresses of accounts.
extension AccountStore {
    /// How an attempt to give an account another address ended.
    package enum AddressChange: Sendable, Equatable {
        /// - Parameter before: the address that it had.
        case changed(AccountSettings, before: String?)
        /// Another account has proved it.
        case taken
        /// The code is void by now.
        case void
    }

    /// Whether an account has proved that this address is its own.
    package func isKnown(email: String) async throws -> Bool {
        try await database.writer.read { db in try Self.isKnown(email: email, except: "", db) }
    }

    /// Gives an account an address that a code has proved; the code is void from now on.
    package func setEmail(_ email: String, name: String, with code: MailedCode, now: Int64) async throws -> AddressChange {
        try await database.writer.write { db in
            guard try Self.spend(code, now: now, db) else { return .void }
            guard try !Self.isKnown(email: email, except: code.account, db) else { return .taken }
            var before: String?
            let settings = try Self.changeSettings(name, db) { settings in
                before = settings.email
                (settings.email, settings.emailIsProved) = (email, true)
            }
            // A code for another password may lie in the mailbox of the old address.
            try db.execute(sql: "DELETE FROM mailed_code WHERE purpose = 'reset' AND account = ?", arguments: [code.account])
            return settings.map { .changed($0, before: before) } ?? .void
        }
    }

    /// Says of all addresses of which that was not noted yet whether they are proved.
    package func settleEmails(areProved: Bool) async throws {
        try await database.writer.write { db in
            try db.execute(
                sql: """
                    UPDATE account SET settings = json_set(settings, '$.emailIsProved', json(?))
                    WHERE json_extract(settings, '$.email') IS NOT NULL AND json_extract(settings, '$.emailIsProved') IS NULL
                    """, arguments: [areProved ? "true" : "false"])
        }
    }

    private static func isKnown(email: String, except folded: String, _ db: Database) throws -> Bool {
        try Bool.fetchOne(
            db,
            sql: """
                SELECT EXISTS (
                    SELECT 1 FROM account WHERE folded <> ? AND json_extract(settings, '$.email') = ? COLLATE NOCASE
                        AND json_extract(settings, '$.emailIsProved')
                )
                """, arguments: [folded, email]) ?? false
    }
}
