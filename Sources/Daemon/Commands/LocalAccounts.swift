import Accounts
import Foundation
import MainLoop
package import Settings
import Store

/// Local accounts, from the command line. Works beside a running server: both use the same database.
package enum LocalAccounts {
    /// Adds an account to the server whose data is in `directory`.
    ///
    /// - Parameter rules: how its password is stored.
    /// - Throws: ``StartError``.
    package static func add(
        name: String, password: String, isOperator: Bool, rules: Settings.Accounts = Settings().accounts, in directory: String
    ) async throws(StartError) {
        guard let name = AccountName(name) else {
            throw StartError(
                "account name", "\"\(name)\" is none",
                remedy: "use up to \(AccountName.maximumLength) letters, digits and -_[]\\`^{}|, and no digit or hyphen at the start")
        }
        guard !password.isEmpty, password.utf8.count <= PasswordHasher.maximumPasswordLength else {
            throw StartError(
                "password", "must have 1 to \(PasswordHasher.maximumPasswordLength) bytes", remedy: "choose another one")
        }
        let isNew = try await OfflineDatabase.with(directory) { database, _ in
            try await create(name, password, isOperator, rules, in: database)
        }
        guard isNew else { throw StartError("account name", "there is an account \(name.text) already", remedy: "choose another name") }
    }

    private static func create(
        _ name: AccountName, _ password: String, _ isOperator: Bool, _ rules: Settings.Accounts, in database: RoostDatabase
    ) async throws -> Bool {
        let hasher = PasswordHasher(rules)
        var account = AccountRecord(name: name.text, isOperator: isOperator, createdAt: SystemClock().wallMilliseconds)
        do {
            account.passwordHash = try await hasher.hash(password)
            account.scramVerifier = try await hasher.scramVerifier(for: password)
            await hasher.shutdown()
        } catch {
            await hasher.shutdown()
            throw error
        }
        return try await AccountStore(database).create(account)
    }
}
