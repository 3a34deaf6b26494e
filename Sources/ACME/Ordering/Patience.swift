/// How long to wait after what has failed, in milliseconds; and how much is asked of an authority at all.
enum Patience {
    static let minute: Int64 = 60_000
    static let hour: Int64 = 60 * minute
    static let day: Int64 = 24 * hour
    static let week: Int64 = 7 * day
    /// Orders within seven days, failed or not. Public authorities refuse more of the same names than five.
    static let ordersPerWeek = 10
    /// How long an order may take.
    static let orderTime = day
    /// Nonces in a row that an authority may refuse before it is left alone for a while.
    static let badNonces = 5

    /// After `count` answers in a row that did not come, or were a failure of the authority itself: from 15 seconds to an hour.
    static func afterStumble(_ count: Int, jitter: Double) -> Int64 { doubling(15_000, count, atMost: hour, jitter) }

    /// After `count` failed orders in a row: from ten minutes to a day. Public authorities allow five failed ones an hour.
    static func afterFailure(_ count: Int, jitter: Double) -> Int64 { doubling(10 * minute, count, atMost: day, jitter) }

    /// Before the `count`th look at what the authority is busy with: from two seconds to a minute.
    static func beforePoll(_ count: Int) -> Int64 { doubling(2000, count, atMost: minute, 0) }

    /// Up to a quarter longer, so that not all servers come back at once.
    private static func doubling(_ first: Int64, _ count: Int, atMost limit: Int64, _ jitter: Double) -> Int64 {
        let wait = min(first << Int64(min(max(count - 1, 0), 20)), limit)
        return wait + Int64(Double(wait) / 4 * jitter)
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
