import ATProto
package import Accounts
import IRCProtocol
import MainLoop
package import Store

/// The device passwords of an account, for whoever was found to be its owner.
extension World {
    /// Makes one. Throws errors of the hasher and the database.
    func makeDevicePassword(_ order: DevicePasswordOrder, for account: String) async throws -> DevicePasswords.Outcome {
        let key = "device \(CaseMapping.fold(account))"
        guard allowances.spend(key, limit: DevicePasswords.hourlyLimit, at: clock.uptime) else { return .tooOften }
        let devices = DevicePasswords(accounts: services.accounts, hasher: services.hasher)
        return try await devices.make(order, account: account, now: clock.wallMilliseconds)
    }

    /// Ends one and closes the connections that rest on it. False when the account has none of this name.
    func revokeDevicePassword(_ name: String, of account: String) async throws -> Bool {
        guard let id = try await services.accounts.removeDevicePassword(name: name, fromAccount: account) else { return false }
        exports.forget(account)
        devicePasswordRevoked(id)
        return true
    }

    /// Closes the connections that rest on a device password that is gone from the database, also those whose login is judged
    /// just now.
    private func devicePasswordRevoked(_ id: String) {
        closings += 1
        for session in sessions.values where session.devicePassword == id {
            doom(session, .killed("The device password of this connection was revoked"))
        }
    }
}

/// The same for whoever owns an account without speaking IRC, or will own it. Throws ``AccountOwner/Refusal`` and errors of the database.
extension World {
    /// Those that there are, the oldest first; expired ones too.
    package func devicePasswords(of owner: AccountOwner) async throws -> [DevicePasswordRecord] {
        guard let account = try await account(of: owner) else { return [] }
        return try await services.accounts.devicePasswords(ofAccount: account.name)
    }

    /// Makes one, and the account when there is none. Throws errors of the hasher too.
    ///
    /// - Returns: the name of the account, with which the password logs in, and what came of it.
    package func makeDevicePassword(
        _ order: DevicePasswordOrder, for owner: AccountOwner
    ) async throws -> (account: String, outcome: DevicePasswords.Outcome) {
        var account = try await account(of: owner, isForCredentials: true)
        if case .identity(let did) = owner { account = try await services.accounts.logIn(did: did.text, now: clock.wallMilliseconds) }
        guard let account else { throw AccountOwner.Refusal.notLoggedIn }
        return (account.name, try await makeDevicePassword(order, for: account.name))
    }

    /// Ends one and closes the connections that rest on it. False when there is none of this name.
    package func revokeDevicePassword(_ name: String, of owner: AccountOwner) async throws -> Bool {
        guard let account = try await account(of: owner, isForCredentials: true) else { return false }
        return try await revokeDevicePassword(name, of: account.name)
    }
}
