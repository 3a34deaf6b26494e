/// The time and the timers of the daemon. Everything that depends on time takes one of these,
/// so that tests move time themselves.
package protocol LoopClock: AnyObject, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z. May jump when the machine's clock is set.
    var wallMilliseconds: Int64 { get }

    /// Time since an arbitrary start; never goes back. For timeouts, limits and ages.
    var uptime: Duration { get }

    /// Calls `body` on the loop once, `delay` from now. Dropping the timer does not cancel it.
    @LoopActor @discardableResult
    func schedule(after delay: Duration, _ body: @escaping @LoopActor () -> Void) -> any LoopTimer

    /// Calls `body` on the loop at the end of the current turn, after everything that was read in it.
    @LoopActor func atEndOfTurn(_ body: @escaping @LoopActor () -> Void)

    /// Suspends for `delay`. Throws `CancellationError` when the task is cancelled first.
    func sleep(for delay: Duration) async throws
}

/// A scheduled call.
package protocol LoopTimer: AnyObject, Sendable {
    /// Prevents the call if it has not happened yet.
    @LoopActor func cancel()
}
