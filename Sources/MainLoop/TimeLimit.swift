/// Work that must not take for ever.
@LoopActor
package enum TimeLimit {
    /// Waits for `work`, for at most `limit`. Work that takes longer goes on, and nobody waits for it any more.
    ///
    /// - Returns: whether it was done in time.
    @discardableResult
    package static func wait(_ limit: Duration, clock: any LoopClock, for work: @escaping @LoopActor () async -> Void) async -> Bool {
        let race = Race()
        return await withCheckedContinuation { continuation in
            race.continuation = continuation
            let timer = clock.schedule(after: limit) { race.finish(false) }
            Task {
                await work()
                timer.cancel()
                race.finish(true)
            }
        }
    }

    @LoopActor
    private final class Race {
        var continuation: CheckedContinuation<Bool, Never>?

        func finish(_ inTime: Bool) {
            continuation?.resume(returning: inTime)
            continuation = nil
        }
    }
}
