package import MainLoop
import OrderedCollections

/// Slows down guessing: each address has a few failures, which come back with time. An account has ``accountFactor`` times as many, against
/// guesses from many addresses: one address alone cannot lock its owner out. Addresses that have logged in to it since the server
/// started are not held up by the failures that others have there at all; only by their own.
@LoopActor
package final class LoginThrottle {
    private struct Bucket {
        var failures: Double
        var at: Duration
    }

    /// How many more wrong passwords an account may have than an address.
    nonisolated static let accountFactor = 10

    private let clock: any LoopClock
    private let burst: Double
    private let recovery: Duration
    private let capacity: Int
    private var buckets: OrderedDictionary<String, Bucket> = [:]
    /// The pairs of account and address with a login, the newest last.
    private var proven: OrderedSet<String> = []

    /// - Parameters:
    ///   - burst: failures that are free.
    ///   - recovery: the time after which one failure is forgotten.
    ///   - capacity: addresses and accounts remembered, the one that failed longest ago goes first; and pairs of both with a login.
    package init(clock: any LoopClock, burst: Int = 10, recovery: Duration = .seconds(30), capacity: Int = 10_000) {
        (self.clock, self.burst, self.recovery, self.capacity) = (clock, Double(burst), recovery, capacity)
    }

    /// For look-ups of identities that clients name: 30 of an address without a pause, then one every four seconds.
    package static func ofLookups(_ clock: any LoopClock) -> LoginThrottle {
        LoginThrottle(clock: clock, burst: 30, recovery: .seconds(4))
    }

    /// Whether a login with this key may be tried now.
    package func allows(_ key: String) -> Bool {
        failures(key) < burst
    }

    /// Notes a failed login.
    package func fail(_ key: String) {
        let failures = failures(key) + 1
        buckets.removeValue(forKey: key)
        buckets[key] = Bucket(failures: failures, at: clock.uptime)
        if buckets.count > capacity { buckets.removeFirst() }
    }

    /// Whether somebody at `address` may guess at the password of `account` now.
    func allowsGuess(at account: String, from address: String) -> Bool {
        failures("account " + account) < burst * Double(Self.accountFactor) || proven.contains(account + " " + address)
    }

    /// Notes a wrong password.
    func failGuess(at account: String) { fail("account " + account) }

    /// Notes a login to `account` from `address`.
    func succeed(at account: String, from address: String) {
        let pair = account + " " + address
        proven.remove(pair)
        proven.append(pair)
        if proven.count > capacity { proven.removeFirst() }
    }

    package var count: Int { buckets.count }

    private func failures(_ key: String) -> Double {
        guard let bucket = buckets[key] else { return 0 }
        return max(0, bucket.failures - (clock.uptime - bucket.at) / recovery)
    }
}
