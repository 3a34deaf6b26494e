package import ATProto
package import MainLoop

/// Checks the tokens with which a person's own server tells who the person is (AT Protocol "Inter-Service Authentication").
@LoopActor
package final class ServiceLogin {
    private let service: ServiceIdentity
    private let resolver: any IdentityResolving
    private let memory: ServiceTokenMemory
    /// Look-ups by address: whose identity is asked for, the client says.
    private let lookups: LoginThrottle
    private let clock: any LoopClock

    /// - Parameter lookups: the same as that of the ``Authenticator``, so that both together have one limit.
    package init(service: ServiceIdentity, resolver: any IdentityResolving, lookups: LoginThrottle, clock: any LoopClock) {
        (self.service, self.resolver, self.lookups, self.clock) = (service, resolver, lookups, clock)
        memory = ServiceTokenMemory(clock: clock)
    }

    /// Who is named by `text`; a token is good once.
    ///
    /// - Parameter address: the group of addresses the client comes from.
    package func check(_ text: String, from address: String) async throws(SASLFailure) -> DID {
        guard let token = try? ServiceToken(text, for: service, now: clock.wallMilliseconds), !memory.contains(token) else {
            throw .rejected
        }
        guard lookups.allows(address) else { throw .throttled }
        lookups.fail(address)
        let known = try await key(of: token.issuer, fresh: false)
        if known.map({ token.isSigned(by: $0) }) != true {
            // The key may have changed since it was remembered.
            guard let current = try await key(of: token.issuer, fresh: true), current != known, token.isSigned(by: current) else {
                throw .rejected
            }
        }
        // Another connection may have shown it while the identity was looked up.
        guard memory.take(token) else { throw .rejected }
        return token.issuer
    }

    private func key(of did: DID, fresh: Bool) async throws(SASLFailure) -> PublicKey? {
        do {
            return try await resolver.resolve(did: did, fresh: fresh).signingKey
        } catch {
            throw error.isTemporary ? .unavailable : .rejected
        }
    }
}
