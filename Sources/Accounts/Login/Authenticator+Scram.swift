import ATProto
import MainLoop
import Store

/// SCRAM: the password of an account, not those of its devices, because one verifier is told before the client says which it has.
extension Authenticator {
    /// What a client is told of the account that it names; of one that cannot log in so, something that looks the same.
    ///
    /// - Parameters:
    ///   - login: the account by its name, DID or handle, perhaps with `@device`.
    ///   - address: the group of addresses the client comes from.
    package func offer(for login: String, from address: String) async -> Result<ScramOffer, SASLFailure> {
        await counting(address) { () throws(SASLFailure) in
            try countLookup(address)
            let name = LoginName(login).account
            do {
                if let account = try await account(called: name), let verifier = account.scramVerifier.flatMap({ ScramVerifier($0) }) {
                    return ScramOffer(account: account.name, verifier: verifier)
                }
            } catch {
                throw failure(error)
            }
            let iterations = hasher.scramIterations ?? ScramVerifier.minimumIterations
            return ScramOffer(
                account: nil, verifier: ScramVerifier(standingInFor: name, key: scramKey, iterations: iterations))
        }
    }

    /// Whether a proof holds, before the server shows that it knows the verifier; nil: it does. The client logs in with it once it has
    /// seen that.
    package func refusal(of proof: ScramProof, from address: String) async -> SASLFailure? {
        let result = await counting(address) { () throws(SASLFailure) in _ = try await proven(proof, from: address) }
        guard case .failure(let failure) = result else { return nil }
        note(failure, of: .scram)
        return failure
    }

    func checkScram(_ proof: ScramProof, from address: String) async throws(SASLFailure) -> Identity {
        let account = try await proven(proof, from: address)
        throttle.succeed(at: account.name.lowercased(), from: address)
        do {
            var identity = try await noteLogin(to: account)
            identity.device = LoginName(proof.login).device
            if let hash = account.passwordHash { identity.proof = .password(hash: hash) }
            return identity
        } catch {
            throw failure(error)
        }
    }

    /// The account whose password the proof shows, as long as that is its password.
    private func proven(_ proof: ScramProof, from address: String) async throws(SASLFailure) -> AccountRecord {
        let key = (proof.offer.account ?? LoginName(proof.login).account).lowercased()
        guard throttle.allowsGuess(at: key, from: address) else { throw .throttled }
        let isRight = proof.isRight
        guard let name = proof.offer.account, isRight else {
            throttle.failGuess(at: key, from: address)
            throw .rejected
        }
        do {
            let account = try await openAccount(name)
            guard account.scramVerifier == proof.offer.verifier.text else { throw SASLFailure.rejected }
            return account
        } catch {
            throw failure(error)
        }
    }
}
