import ATProto
import Logging
import MainLoop
import Store

/// The name in a login: of an account, or `account@device`. Accounts have no `@` in their names.
struct LoginName {
    /// Bytes: a DID, and a device. What is tried is remembered by name for a while, so it must not be of any length.
    static let maximumLength = 2048 + 33

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
            let hash = device?.hash ?? account?.passwordHash
            guard try await hasher.verify(secret, hash), let account, let hash else {
                if device == nil { throttle.failGuess(at: key, from: address) }
                throw SASLFailure.rejected
            }
            let now = clock.wallMilliseconds
            if let device {
                guard device.expiresAt.map({ $0 > now }) ?? true, try await accounts.recordUse(ofDevicePassword: device.id, now: now) else {
                    throw SASLFailure.rejected
                }
            }
            let current = try await openAccount(account.name)
            let renewed = await renew(hash, of: secret, current, device)
            throttle.succeed(at: key, from: address)
            var identity = try await noteLogin(to: current)
            identity.device = name.device ?? device?.name
            (identity.devicePassword, identity.devicePasswordEnds) = (device?.id, device?.expiresAt)
            if device == nil { identity.proof = .password(hash: renewed) }
            return identity
        } catch {
            throw failure(error)
        }
    }

    /// The account as it is now, after work that took time; throws when it may not be logged in to.
    func openAccount(_ name: String) async throws -> AccountRecord {
        guard let account = try await accounts.find(name: name) else { throw SASLFailure.rejected }
        guard !account.isSuspended else { throw SASLFailure.suspended }
        return account
    }

    /// Who has logged in to `account` with a password.
    func noteLogin(to account: AccountRecord) async throws -> Identity {
        try await accounts.recordLogin(name: account.name, now: clock.wallMilliseconds)
        var identity = Identity(account)
        if let did = identity.did, did.method != .key { identity.handle = await resolver.verifiedHandle(of: did) }
        return identity
    }

    /// What a client is told of what went wrong.
    func failure(_ error: any Error) -> SASLFailure {
        switch error {
        case let failure as SASLFailure: return failure
        case PasswordHasher.Failure.busy: return .busy
        default:
            logger.error("login.failed", metadata: ["error": "\(error)"])
            return .unavailable
        }
    }

    /// Stores a password that has proved right anew, when it would be hashed otherwise today, or SCRAM has nothing of it yet. If that
    /// does not work out, the next login tries again. Returns the hash that is stored then.
    private func renew(_ hash: String, of password: String, _ account: AccountRecord, _ device: DevicePasswordRecord?) async -> String {
        do {
            let next = hasher.isCurrent(hash) ? hash : try await hasher.hash(password)
            if let device {
                if next != hash { try await accounts.renewHash(ofDevicePassword: device.id, from: hash, to: next) }
                return hash
            }
            var verifier = account.scramVerifier
            if !hasher.isCurrent(verifier: verifier) { verifier = try await hasher.scramVerifier(for: password) ?? verifier }
            guard next != hash || verifier != account.scramVerifier else { return hash }
            let isStored = try await accounts.renewPasswordHash(from: hash, to: next, scramVerifier: verifier, name: account.name)
            return isStored ? next : hash
        } catch {
            logger.warning("login.not_renewed", metadata: ["account": "\(account.name)", "error": "\(error)"])
            return hash
        }
    }

    /// The account with this name, this DID, or this handle, which has to check out in both directions.
    func account(called name: String) async throws -> AccountRecord? {
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
