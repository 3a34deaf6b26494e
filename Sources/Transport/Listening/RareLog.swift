import MainLoop

/// Lets one of many equal log lines through per span of time.
@LoopActor
final class RareLog {
    private let clock: any LoopClock
    private let span: Duration
    private var last: Duration?

    init(_ clock: any LoopClock, every span: Duration) {
        self.clock = clock
        self.span = span
    }

    /// Whether to log now.
    func isDue() -> Bool {
        let now = clock.uptime
        if let last, now - last < span { return false }
        last = now
        return true
    }
}
