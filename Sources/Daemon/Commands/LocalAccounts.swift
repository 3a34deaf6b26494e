import Accounts
package import Foundation
import MainLoop
import Server
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

    /// Hands all that is stored of a person to `write`, a JSON object a line: what belongs to the account, each with the name of its
    /// table, then what it said. What proves who somebody is (hashes, tokens) is left out.
    ///
    /// - Throws: ``StartError``.
    package static func export(name: String, in directory: String, to write: (Data) throws -> Void) async throws(StartError) {
        let isThere = try await OfflineDatabase.with(directory) { database, _ in
            let accounts = AccountStore(database)
            guard let account = try await accounts.find(name: name), let rows = try await accounts.export(name: name) else { return false }
            for row in rows { try write(Data((row + "\n").utf8)) }
            var sequence: Int64 = 0
            while true {
                let page = try await HistoryStore(database).messages(
                    ofAccount: account.name, after: sequence, limit: World.exportPage)
                guard let last = page.last else { return true }
                try write(try ExportedMessage.lines(page))
                sequence = last.sequence
            }
        }
        guard isThere else { throw StartError("account name", "there is no account \(name)", remedy: "see how it is spelled") }
    }

    /// Erases a person from a server that does not run: a running one has people and channels in memory, see `NickServ ERASE`.
    ///
    /// - Parameter keepsMessages: whether what was said in channels stays, without its author.
    /// - Returns: how many messages and events were deleted or made anonymous.
    /// - Throws: ``StartError``.
    package static func erase(name: String, keepsMessages: Bool, in directory: String) async throws(StartError) -> Int {
        let lock = try InstanceLock(DataDirectory.prepare(directory).lock)
        defer { lock.release() }
        let count = try await OfflineDatabase.with(directory) { database, _ in
            try await AccountStore(database).erase(name: name, speech: keepsMessages ? .anonymous : .deleted)
        }
        guard let count else { throw StartError("account name", "there is no account \(name)", remedy: "see how it is spelled") }
        return count
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
