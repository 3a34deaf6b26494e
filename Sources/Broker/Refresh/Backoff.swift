/// How long to leave a session alone after refreshes that failed.
struct Backoff: Sendable {
    let first: Duration
    let longest: Duration

    /// Doubles with each failure up to ``longest``, then up to a quarter more by chance, so that sessions that failed
    /// together do not come back together. Chance only adds: after an unknown outcome late is better than early.
    ///
    /// - Parameters:
    ///   - failures: failures in a row, from 1.
    ///   - asked: what the server asked for; never less than that.
    ///   - chance: 0 to 1.
    func delay(failures: Int, asked: Duration?, chance: Double) -> Duration {
        var delay = first
        var doublings = failures - 1
        while doublings > 0, delay < longest {
            delay = min(delay * 2, longest)
            doublings -= 1
        }
        return max(delay + delay * 0.25 * chance, asked ?? .zero)
    }
}
