import Foundation
import MainLoop
import OrderedCollections

/// Token buckets: a burst, then a steady rate, for each of a bounded number of keys.
@LoopActor
final class RequestAllowance {
    private struct Bucket {
        var tokens: Double
        var at: Duration
    }

    private var buckets: OrderedDictionary<Data, Bucket> = [:]
    private let burst: Double
    private let perSecond: Double
    private let capacity: Int
    private let clock: any LoopClock

    /// - Parameter capacity: how many keys are counted; the one counted for longest is forgotten first and starts anew.
    init(burst: Int, perSecond: Double, capacity: Int, clock: any LoopClock) {
        (self.burst, self.perSecond, self.capacity, self.clock) = (Double(max(1, burst)), perSecond, max(1, capacity), clock)
    }

    /// Takes one from the bucket of `key`. Nil when that was possible, otherwise how long until it is.
    func take(_ key: Data) -> Duration? {
        let now = clock.uptime
        var bucket = buckets[key] ?? Bucket(tokens: burst, at: now)
        bucket.tokens = min(burst, bucket.tokens + (now - bucket.at) / .seconds(1) * perSecond)
        bucket.at = now
        defer {
            buckets[key] = bucket
            if buckets.count > capacity { buckets.removeFirst() }
        }
        guard bucket.tokens >= 1 else { return .seconds((1 - bucket.tokens) / perSecond) }
        bucket.tokens -= 1
        return nil
    }

    var count: Int { buckets.count }
}
