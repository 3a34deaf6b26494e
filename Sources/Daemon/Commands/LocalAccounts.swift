import Accounts
import Foundation
import MainLoop
import Store

/// Local accounts, from the command line. Works beside a running server: both use the same database.
package enum LocalAccounts {
    /// Adds an account to the server whose data is in `directory`.
    ///
    /// - Throws: ``StartError``.
    package static func add(name: String, password: String, isOperator: Bool, in directory: String) async throws(StartError) {
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
            try await create(name, password, isOperator, in: database)
        }
        guard isNew else { throw StartError("account name", "there is an account \(name.text) already", remedy: "choose another name") }
    }

    private static func create(_ name: AccountName, _ password: String, _ isOperator: Bool, in database: RoostDatabase) async throws -> Bool
    {
        let hasher = PasswordHasher()
        let hash: String
        do {
            hash = try await hasher.hash(password)
            await hasher.shutdown()
        } catch {
            await hasher.shutdown()
            throw error
        }
        return try await AccountStore(database).create(
            AccountRecord(name: name.text, passwordHash: hash, isOperator: isOperator, createdAt: SystemClock().wallMilliseconds))
    }
}
