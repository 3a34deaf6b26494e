/// How often something may happen: `count:seconds`, as the parameter of `+f` and `+j`.
package struct Rate: Sendable, Equatable {
    package let count: Int
    package let seconds: Int

    /// Nil unless both numbers are there, the count from 1 to 1000 and the seconds from 1 to 3600.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = Int(parts[0]), let seconds = Int(parts[1]), (1...1000).contains(count),
            (1...3600).contains(seconds)
        else { return nil }
        (self.count, self.seconds) = (count, seconds)
    }

    /// As it is shown, without leading zeros.
    package var text: String { "\(count):\(seconds)" }
}

/// Counts events against a ``Rate`` in windows that begin with the first event.
package struct RateWindow: Sendable, Equatable {
    private var start: Duration = .zero
    private var count = 0

    package init() {}

    /// Whether `more` events would be too many.
    package func isFull(_ rate: Rate, at now: Duration, for more: Int = 1) -> Bool {
        let counted = now - start < .seconds(rate.seconds) ? count : 0
        return more > rate.count - counted
    }

    /// Counts `more` events that happen together.
    package mutating func note(_ rate: Rate, at now: Duration, _ more: Int = 1) {
        if count == 0 || now - start >= .seconds(rate.seconds) { (start, count) = (now, 0) }
        count += more
    }
}
