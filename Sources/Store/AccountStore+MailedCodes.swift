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

        /// How long a code counts, in milliseconds.
        package var life: Int64 {
            switch self {
            case .registration, .email: 86_400_000
            case .reset: 3_600_000
            }
        }
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
///
/// Wrong ones are not counted here: whoever wanted to keep somebody from using a code would only have to guess some. A code is too long
/// to be guessed while it counts, and each address may try so many in an hour. Codes are found by their hashes, so the time that it takes
/// says nothing about them.
extension AccountStore {
    /// What became of a code that was to count.
    package enum CodeOpening: Sendable, Equatable {
        case opened
        /// There is one for the same already, which is too young to be replaced; it still counts.
        case isYoung
        /// So many other accounts have one of this purpose that there is no room.
        case tooMany
    }

    /// Lets a code count from now on, for as long as its purpose says; an earlier one for the same is void.
    ///
    /// - Parameters:
    ///   - document: what is to be done when it comes back.
    ///   - now: milliseconds since 1970.
    ///   - pause: how long an earlier one is left as it is, in milliseconds.
    ///   - limit: accounts that have one of this purpose at once.
    package func open(
        _ code: MailedCode, document: Data = Data(), now: Int64, pause: Int64 = 0, limit: Int
    ) async throws -> CodeOpening {
        try await database.writer.write { db in
            _ = try Self.pruneCodes(now: now, db)
            let end = now + code.purpose.life
            let before = try Int64.fetchOne(
                db, sql: "SELECT expires_at FROM mailed_code WHERE purpose = ? AND account = ?",
                arguments: [code.purpose.rawValue, code.account])
            // One from the future says that the clock was set back, and is no reason to wait.
            if let before, (0..<pause).contains(end - before) { return .isYoung }
            let count = try Int.fetchOne(
                db, sql: "SELECT count(*) FROM mailed_code WHERE purpose = ? AND account <> ?",
                arguments: [code.purpose.rawValue, code.account])
            guard count ?? 0 < limit else { return .tooMany }
            try db.execute(
                sql: "INSERT OR REPLACE INTO mailed_code (purpose, account, hash, document, expires_at) VALUES (?, ?, ?, ?, ?)",
                arguments: [code.purpose.rawValue, code.account, code.hash, document, end])
            return .opened
        }
    }

    /// What is to be done with a code; nil when it is wrong or void.
    package func document(of code: MailedCode, now: Int64) async throws -> Data? {
        try await database.writer.read { db in
            try Data.fetchOne(
                db, sql: "SELECT document FROM mailed_code WHERE purpose = ? AND account = ? AND hash = ? AND expires_at > ?",
                arguments: [code.purpose.rawValue, code.account, code.hash, now])
        }
    }

    /// Makes a code void that reached nobody.
    package func withdraw(_ code: MailedCode) async throws {
        try await database.writer.write { db in
            try db.execute(
                sql: "DELETE FROM mailed_code WHERE purpose = ? AND account = ? AND hash = ?",
                arguments: [code.purpose.rawValue, code.account, code.hash])
        }
    }

    /// Deletes the codes whose time is over, with what belongs to them, and says how many there were.
    package func pruneCodes(now: Int64) async throws -> Int {
        try await database.writer.write { db in try Self.pruneCodes(now: now, db) }
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

    /// Makes a code void that was found right. False when it is by now.
    static func spend(_ code: MailedCode, now: Int64, _ db: Database) throws -> Bool {
        try db.execute(
            sql: "DELETE FROM mailed_code WHERE purpose = ? AND account = ? AND hash = ? AND expires_at > ?",
            arguments: [code.purpose.rawValue, code.account, code.hash, now])
        return db.changesCount == 1
    }

    private static func pruneCodes(now: Int64, _ db: Database) throws -> Int {
        try db.execute(sql: "DELETE FROM mailed_code WHERE expires_at <= ?", arguments: [now])
        return db.changesCount
    }
}
