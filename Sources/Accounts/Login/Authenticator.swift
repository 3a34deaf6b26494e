package import ATProto
package import Crypto
import Foundation
package import Logging
package import MainLoop
package import Store

/// Checks credentials. The one place that turns them into an ``Identity``.
@LoopActor
package final class Authenticator {
    let accounts: AccountStore
    let hasher: PasswordHasher
    let resolver: any IdentityResolving
    private let webTokens: WebTokens
    /// Nil where this server has no DID to make tokens out to.
    private let services: ServiceLogin?
    private let pds: PDSLogin
    private let status: RepoStatus
    let throttle: LoginThrottle
    /// From which what stands in for accounts without a SCRAM verifier is made; a secret of this server.
    let scramKey: SymmetricKey
    /// Look-ups by address, whether the login fails or not: they cost requests to where the client says.
    private let lookups: LoginThrottle
    let clock: any LoopClock
    let logger: Logger
    /// For monitoring.
    package private(set) var counts = LoginCounts()

    /// - Parameters:
    ///   - lookups: look-ups of identities by address; nil: a limit of its own.
    ///   - scramKey: the same after every restart, where SCRAM is on.
    package init(
        accounts: AccountStore, hasher: PasswordHasher, resolver: any IdentityResolving, webTokens: WebTokens,
        services: ServiceLogin? = nil, pds: PDSLogin, status: RepoStatus, throttle: LoginThrottle, lookups: LoginThrottle? = nil,
        scramKey: SymmetricKey = SymmetricKey(size: .bits256),
        clock: any LoopClock, logger: Logger
    ) {
        (self.accounts, self.hasher, self.resolver, self.webTokens) = (accounts, hasher, resolver, webTokens)
        (self.services, self.pds, self.status) = (services, pds, status)
        (self.throttle, self.scramKey, self.clock, self.logger) = (throttle, scramKey, clock, logger)
        self.lookups = lookups ?? .ofLookups(clock)
    }

    /// - Parameter address: the group of addresses the client comes from, for the throttle.
    package func authenticate(_ credential: Credential, from address: String) async -> Result<Identity, SASLFailure> {
        let result: Result<Identity, SASLFailure> = await counting(address) { () throws(SASLFailure) in
            switch credential {
            case .plain(let account, let password): try await checkPassword(account, password, from: address)
            case .scram(let proof): try await checkScram(proof, from: address)
            case .certificate(let fingerprint, let account): try await checkCertificate(fingerprint, account)
            case .signature(let did, let signature, let challenge): try await checkSignature(did, signature, challenge, from: address)
            case .webToken(let token):
                if let owner = webTokens.redeem(token) { try await logIn(owner) } else { throw .rejected }
            case .serviceToken(let token, let name): try await checkServiceToken(token, as: name, from: address)
            case .pdsToken(let token): try await checkPDSToken(token, from: address)
            case .bearer(let token, let name):
                if let owner = webTokens.redeem(token) {
                    try await logIn(owner).acting(as: name)
                } else {
                    try await checkServiceToken(token, as: name, from: address)
                }
            }
        }
        switch result {
        case .success: counts.count(credential.mechanism, .accepted)
        case .failure(let failure): note(failure, of: credential.mechanism)
        }
        return result
    }

    /// Counts a login that failed.
    func note(_ failure: SASLFailure, of mechanism: LoginCounts.Mechanism) {
        counts.count(mechanism, failure.result)
    }

    /// Does what may fail for `address`, unless it has failed too often, and counts when it does.
    func counting<Result>(
        _ address: String, _ body: () async throws(SASLFailure) -> Result
    ) async -> Swift.Result<Result, SASLFailure> {
        do throws(SASLFailure) {
            guard throttle.allows("address " + address) else { throw .throttled }
            return .success(try await body())
        } catch {
            if error.counts { throttle.fail("address " + address) }
            return .failure(error)
        }
    }

    /// Counts a look-up for `address`; throws when there were too many.
    package func countLookup(_ address: String) throws(SASLFailure) {
        guard lookups.allows(address) else { throw .throttled }
        lookups.fail(address)
    }

    /// - Parameter login: the account that is wanted, or `account@device`; nil: whichever the certificate opens.
    private func checkCertificate(_ fingerprint: String, _ login: String?) async throws(SASLFailure) -> Identity {
        let name = login.map(LoginName.init)
        do {
            guard let account = try await accounts.find(certificate: fingerprint),
                name == nil || name?.account.lowercased() == account.name.lowercased()
            else { throw SASLFailure.rejected }
            guard !account.isSuspended else { throw SASLFailure.suspended }
            try await accounts.recordLogin(name: account.name, now: clock.wallMilliseconds)
            var identity = Identity(account)
            identity.proof = .certificate(fingerprint)
            if let did = identity.did, did.method != .key { identity.handle = await resolver.verifiedHandle(of: did) }
            identity.device = name?.device
            return identity
        } catch {
            throw failure(error)
        }
    }

    /// Looks once more at the account of a login that was judged, and at what the login rests on.
    package func renewed(_ identity: Identity) async throws(SASLFailure) -> Identity {
        do {
            guard let account = try await accounts.find(name: identity.account) else { throw SASLFailure.rejected }
            guard !account.isSuspended else { throw SASLFailure.suspended }
            var renewed = identity
            renewed.did = account.did.flatMap { DID($0) }
            if renewed.did != identity.did { renewed.handle = nil }
            switch identity.proof {
            case .identity where renewed.did != identity.did: throw SASLFailure.rejected
            case .identity: try await checkStanding(renewed)
            case .password(let hash) where hash != account.passwordHash: throw SASLFailure.rejected
            case .certificate(let fingerprint):
                guard try await accounts.find(certificate: fingerprint)?.name == account.name else { throw SASLFailure.rejected }
            default: break
            }
            if let login = identity.webLogin, webTokens.isOver(login) { throw SASLFailure.rejected }
            if let id = identity.devicePassword, try await accounts.devicePassword(id: id, ofAccount: account.name) == nil {
                throw SASLFailure.rejected
            }
            return renewed
        } catch {
            throw failure(error)
        }
    }

    /// Throws when the identity was found to be over. What is not known here is not asked for: whoever found that has just looked.
    private func checkStanding(_ identity: Identity) async throws(SASLFailure) {
        guard let did = identity.did, did.method != .key else { return }
        do {
            let document = try await resolver.resolve(did: did, fresh: false)
            if let reason = await status.refusal(of: document, fresh: false) { throw SASLFailure.gone(reason) }
        } catch IdentityError.tombstoned {
            throw .gone("the account was deleted")
        } catch let failure as SASLFailure {
            throw failure
        } catch {
            // Nobody can tell now, and it was proven a moment ago.
        }
    }

    private func checkSignature(
        _ did: DID, _ signature: Data, _ challenge: Data, from address: String
    ) async throws(SASLFailure) -> Identity {
        // A did:key is its own document.
        if did.method != .key { try countLookup(address) }
        let document: DIDDocument
        do {
            document = try await resolver.resolve(did: did, fresh: false)
        } catch {
            if error.isTemporary { throw .unavailable }
            throw .rejected
        }
        let keys = document.authenticationKeys + document.assertionKeys
        guard keys.contains(where: { $0.isValidSignature(signature, for: challenge) }) else { throw .rejected }
        if let reason = await status.refusal(of: document, fresh: false) { throw .gone(reason) }
        let handle = did.method == .key ? nil : await resolver.verifiedHandle(of: did)
        return try await logIn(did, handle: handle)
    }

    private func logIn(_ owner: WebTokens.Owner) async throws(SASLFailure) -> Identity {
        var identity = try await logIn(owner.did, handle: owner.handle)
        identity.webLogin = owner.login
        return identity
    }

    private func checkServiceToken(_ token: String, as name: String?, from address: String) async throws(SASLFailure) -> Identity {
        guard let services else { throw .rejected }
        let did = try await services.check(token, from: address)
        // The check has just looked it up, so it is remembered.
        if let document = try? await resolver.resolve(did: did, fresh: false),
            let reason = await status.refusal(of: document, fresh: false)
        {
            throw .gone(reason)
        }
        return try await logIn(did, handle: await resolver.verifiedHandle(of: did)).acting(as: name)
    }

    private func checkPDSToken(_ token: PDSToken, from address: String) async throws(SASLFailure) -> Identity {
        try countLookup(address)
        try await pds.check(token)
        return try await logIn(token.did, handle: await resolver.verifiedHandle(of: token.did))
    }

    /// Logs in whoever has proven to be `did`.
    ///
    /// - Parameter handle: verified in both directions.
    package func logIn(_ did: DID, handle: Handle?) async throws(SASLFailure) -> Identity {
        do {
            let account = try await accounts.logIn(did: did.text, now: clock.wallMilliseconds)
            guard !account.isSuspended else { throw SASLFailure.suspended }
            var identity = Identity(account, handle: handle)
            identity.proof = .identity
            return identity
        } catch {
            throw failure(error)
        }
    }
}

extension Identity {
    /// Itself when `name` is a name of it, or nil. Acting for somebody else is not possible.
    fileprivate func acting(as name: String?) throws(SASLFailure) -> Identity {
        guard let name = name?.lowercased() else { return self }
        guard [account, did?.text, handle?.text].contains(where: { $0?.lowercased() == name }) else { throw .rejected }
        return self
    }
}
