/// How often something took how long: counts in buckets, as monitoring reads them. Adding to it allocates nothing.
package struct Histogram: Sendable, Equatable {
    /// The longest time of each bucket, ascending; one more bucket takes what is longer.
    package let bounds: [Duration]
    /// How many fell into each bucket; one more than there are bounds.
    package private(set) var counts: [Int]
    /// All times together.
    package private(set) var sum: Duration = .zero

    package init(_ bounds: [Duration]) {
        self.bounds = bounds
        counts = [Int](repeating: 0, count: bounds.count + 1)
    }

    package mutating func observe(_ time: Duration) {
        var bucket = 0
        while bucket < bounds.count, time > bounds[bucket] { bucket += 1 }
        counts[bucket] += 1
        sum += time
    }

    /// For work in this process: 100 µs to 2.5 s.
    package static let ofWork = Histogram([
        .microseconds(100), .microseconds(500), .milliseconds(1), .milliseconds(5), .milliseconds(25), .milliseconds(100),
        .milliseconds(500),
        .milliseconds(2500),
    ])

    /// For requests to other servers: 10 ms to 30 s.
    package static let ofRequests = Histogram([
        .milliseconds(10), .milliseconds(50), .milliseconds(100), .milliseconds(250), .milliseconds(500), .seconds(1), .milliseconds(2500),
        .seconds(5), .seconds(10), .seconds(30),
    ])
}
