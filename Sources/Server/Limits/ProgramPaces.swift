/// Paces what programs say: each token as one connection.
struct ProgramPaces {
    /// Tokens that are remembered; beyond that all begin anew.
    static let limit = 1000

    private var buckets: [String: FloodBucket] = [:]

    /// How long the program has to wait; nil: it need not, and has paid.
    mutating func pay(_ cost: Int, for token: String, _ limits: ServerConfiguration.Limits, at now: Duration) -> Duration? {
        if buckets[token] == nil, buckets.count >= Self.limit { buckets = [:] }
        var bucket = buckets[token] ?? FloodBucket(limits: limits, now: now)
        defer { buckets[token] = bucket }
        guard bucket.mayRun(at: now) else { return bucket.delay() }
        bucket.pay(cost)
        return nil
    }

    /// How many are remembered.
    var count: Int { buckets.count }
}
