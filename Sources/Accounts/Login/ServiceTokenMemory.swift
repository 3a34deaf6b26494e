package import ATProto
package import MainLoop

/// The service tokens that were taken, for as long as they could be shown again. Bounded for each issuer, so that one of them
/// cannot use up the room of all, and as a whole; what has no room is not taken, because nothing may be forgotten early.
@LoopActor
package final class ServiceTokenMemory {
    private let clock: any LoopClock
    private let capacity: Int
    private let capacityPerIssuer: Int
    /// Expiry in seconds since 1970, by token id, by issuer.
    private var taken: [DID: [String: Int64]] = [:]
    package private(set) var count = 0

    package init(clock: any LoopClock, capacity: Int = 50_000, capacityPerIssuer: Int = 100) {
        (self.clock, self.capacity, self.capacityPerIssuer) = (clock, capacity, capacityPerIssuer)
    }

    package func contains(_ token: ServiceToken) -> Bool {
        taken[token.issuer]?[token.id] != nil
    }

    /// Notes a token that is good. False: it was taken before, there is no room for it now, or it has expired since it was read.
    package func take(_ token: ServiceToken) -> Bool {
        guard !contains(token), token.expiresAt > clock.wallMilliseconds / 1000 else { return false }
        if count >= capacity { for issuer in Array(taken.keys) { forgetExpired(issuer) } }
        forgetExpired(token.issuer)
        guard count < capacity, taken[token.issuer, default: [:]].count < capacityPerIssuer else { return false }
        taken[token.issuer, default: [:]][token.id] = token.expiresAt + ServiceToken.skew
        count += 1
        return true
    }

    private func forgetExpired(_ issuer: DID) {
        guard let tokens = taken[issuer] else { return }
        let now = clock.wallMilliseconds / 1000
        let current = tokens.filter { $0.value > now }
        count -= tokens.count - current.count
        taken[issuer] = current.isEmpty ? nil : current
    }
}
