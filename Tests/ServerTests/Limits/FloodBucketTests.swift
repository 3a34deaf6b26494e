import MainLoop
import Testing

@testable import Server

@Suite struct FloodBucketTests {
    private func bucket(burst: Int, rate: Int, on: Bool = true) -> FloodBucket {
        var limits = ServerConfiguration.Limits()
        (limits.floodBurst, limits.floodRate, limits.floodControl) = (burst, rate, on)
        return FloodBucket(limits: limits, now: .zero)
    }

    /// How many commands of `cost` run by `end` when the next one always waits.
    private func runs(_ bucket: inout FloodBucket, cost: Int, until end: Duration) -> Int {
        var (now, count) = (Duration.zero, 0)
        while true {
            while bucket.mayRun(at: now) {
                bucket.pay(cost)
                count += 1
            }
            now += bucket.delay()
            if now > end { return count }
        }
    }

    @Test func aBurstAndThenARate() {
        var bucket = bucket(burst: 20, rate: 4)
        let counts = [runs(&bucket, cost: 1, until: .zero), runs(&bucket, cost: 1, until: .seconds(10))]
        #expect(counts == [20, 40])
    }

    @Test func dearCommandsCostMore() {
        var cheap = bucket(burst: 10, rate: 2)
        var dear = cheap
        let counts = (runs(&cheap, cost: 1, until: .seconds(60)), runs(&dear, cost: 5, until: .seconds(60)))
        #expect(counts.0 == 130)
        #expect((25...27).contains(counts.1))
    }

    @Test func theBucketHoldsNoMoreThanItsBurst() {
        var bucket = bucket(burst: 3, rate: 100)
        let before = bucket.mayRun(at: .seconds(3600))
        for _ in 0..<3 { bucket.pay(1) }
        let after = bucket.mayRun(at: .seconds(3600))
        #expect(before && !after)
    }

    /// Whoever waits as long as it is told does not have to wait again.
    @Test func theDelayIsLongEnough() {
        for rate in 1...17 {
            var bucket = bucket(burst: 2, rate: rate)
            var now = Duration.zero
            for _ in 0..<50 {
                while bucket.mayRun(at: now) { bucket.pay(Int.random(in: 1...3)) }
                let delay = bucket.delay()
                #expect(delay > .zero)
                now += delay
                let mayRun = bucket.mayRun(at: now)
                #expect(mayRun, "rate \(rate)")
            }
        }
    }

    @Test func whatIsOffNeverWaits() {
        var bucket = bucket(burst: 1, rate: 1, on: false)
        for _ in 0..<1000 { bucket.pay(10) }
        let mayRun = bucket.mayRun(at: .zero)
        #expect(mayRun)
    }
}
