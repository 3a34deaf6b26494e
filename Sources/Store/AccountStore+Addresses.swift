import GRDB

/// The addresses of accounts.
extension AccountStore {
    /// How an attempt to give an account another address ended.
    package enum AddressChange: Sendable, Equatable {
        /// - Parameter before: the proved address that it had.
        case changed(AccountSettings, before: String?)
        /// Another account has proved it.
        case taken
        /// The code is void by now.
        case void
    }

    /// Whether an account has proved that this address is its own.
    ///
    /// - Parameter name: an account that is not meant; nil: all are.
    package func isKnown(email: String, except name: String? = nil) async throws -> Bool {
        try await database.writer.read { db in try Self.isKnown(email: email, except: name?.lowercasedASCII ?? "", db) }
    }

    /// Gives an account an address that a code has proved; the code is void from now on.
    package func setEmail(_ email: String, name: String, with code: MailedCode, now: Int64) async throws -> AddressChange {
        try await database.writer.write { db in
            guard try Self.spend(code, now: now, db) else { return .void }
            guard try !Self.isKnown(email: email, except: code.account, db) else { return .taken }
            var before: String?
            let settings = try Self.changeSettings(name, db) { settings in
                before = settings.provedEmail
                (settings.email, settings.emailIsProved) = (email, true)
            }
            // A code for another password may lie in the mailbox of the old address.
            try db.execute(sql: "DELETE FROM mailed_code WHERE purpose = 'reset' AND account = ?", arguments: [code.account])
            return settings.map { .changed($0, before: before) } ?? .void
        }
    }

    /// The conditions are those of the index `account_proved_email`, word for word: otherwise every account is looked at.
    static func isKnown(email: String, except folded: String, _ db: Database) throws -> Bool {
        try Bool.fetchOne(db, sql: provedEmailQuery, arguments: [email, folded]) ?? false
    }

    static let provedEmailQuery = """
        SELECT EXISTS (
            SELECT 1 FROM account
            WHERE json_valid(settings) AND json_extract(settings, '$.emailIsProved')
                AND json_extract(settings, '$.email') = ? COLLATE NOCASE AND folded <> ?
        )
        """
}
