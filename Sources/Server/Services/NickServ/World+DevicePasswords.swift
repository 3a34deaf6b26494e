package import ATProto
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

/// The same for the person of a DID, who may have no account here yet.
extension World {
    /// Those that there are, the oldest first; expired ones too.
    package func devicePasswords(of did: DID) async throws -> [DevicePasswordRecord] {
        guard let account = try await services.accounts.find(did: did.text) else { return [] }
        return try await services.accounts.devicePasswords(ofAccount: account.name)
    }

    /// Makes one, and the account when there is none. Throws errors of the hasher and the database.
    ///
    /// - Returns: the name of the account, with which the password logs in, and what came of it.
    package func makeDevicePassword(
        _ order: DevicePasswordOrder, for did: DID
    ) async throws -> (account: String, outcome: DevicePasswords.Outcome) {
        let account = try await services.accounts.logIn(did: did.text, now: clock.wallMilliseconds).name
        return (account, try await makeDevicePassword(order, for: account))
    }

    /// Ends one and closes the connections that rest on it. False when there is none of this name.
    package func revokeDevicePassword(_ name: String, of did: DID) async throws -> Bool {
        guard let account = try await services.accounts.find(did: did.text) else { return false }
        return try await revokeDevicePassword(name, of: account.name)
    }
}
