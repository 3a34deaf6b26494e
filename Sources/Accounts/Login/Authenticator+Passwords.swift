import ATProto
import Logging
import MainLoop
import Store

/// The name in a login: of an account, or `account@device`. Accounts have no `@` in their names.
struct LoginName {
    let account: String
    let device: String?

    init(_ text: String) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        account = parts[0]
        device = parts.count > 1 && !parts[1].isEmpty ? String(parts[1].prefix(32)) : nil
    }
}

extension Authenticator {
    /// Checks the password of an account or of one of its devices; one hash in each case, so that the time tells nothing.
    ///
    /// Guesses at passwords that people made are slowed down by account, except from where somebody has logged in to it
    /// before. A device password cannot be guessed: whoever names one that the account has is slowed down by address only,
    /// and so nobody can lock its owner out.
    ///
    /// - Parameter login: the account by its name, DID or handle, perhaps with `@device`.
    func checkPassword(_ login: String, _ password: String, from address: String) async throws(SASLFailure) -> Identity {
        let name = LoginName(login)
        do {
            let account = try await account(called: name.account)
            var device: DevicePasswordRecord?
            if let account, let typed = DevicePassword(password) {
                device = try await accounts.devicePassword(id: typed.id, ofAccount: account.name)
            }
            let key = (account?.name ?? name.account).lowercased()
            guard device != nil || throttle.allowsGuess(at: key, from: address) else { throw SASLFailure.throttled }
            let secret = device == nil ? password : DevicePassword(password)?.text ?? password
            guard try await hasher.verify(secret, device?.hash ?? account?.passwordHash), var account else {
                if device == nil { throttle.failGuess(at: key) }
                throw SASLFailure.rejected
            }
            let now = clock.wallMilliseconds
            if let device {
                guard device.expiresAt.map({ $0 > now }) ?? true, try await accounts.recordUse(ofDevicePassword: device.id, now: now) else {
                    throw SASLFailure.rejected
                }
            }
            guard let current = try await accounts.find(name: account.name) else { throw SASLFailure.rejected }
            account = current
            guard !account.isSuspended else { throw SASLFailure.suspended }
            try await accounts.recordLogin(name: account.name, now: now)
            throttle.succeed(at: key, from: address)
            var identity = Identity(account)
            if let did = identity.did, did.method != .key { identity.handle = await resolver.verifiedHandle(of: did) }
            identity.device = name.device ?? device?.name
            (identity.devicePassword, identity.devicePasswordEnds) = (device?.id, device?.expiresAt)
            return identity
        } catch let failure as SASLFailure {
            throw failure
        } catch PasswordHasher.Failure.busy {
            throw .busy
        } catch {
            logger.error("login.failed", metadata: ["error": "\(error)"])
            throw .unavailable
        }
    }

    /// The account with this name, this DID, or this handle, which has to check out in both directions.
    private func account(called name: String) async throws -> AccountRecord? {
        if let did = DID(name) { return try await accounts.find(did: did.text) }
        // No account has a dot in its name.
        guard name.contains("."), let handle = Handle(name) else { return try await accounts.find(name: name) }
        let did: DID
        do {
            did = try await resolver.resolve(handle: handle)
        } catch {
            guard error.isTemporary else { return nil }
            throw SASLFailure.handleUnavailable
        }
        guard let account = try await accounts.find(did: did.text), await resolver.verifiedHandle(of: did) == handle else { return nil }
        return account
    }
}
