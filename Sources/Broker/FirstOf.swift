import MainLoop

/// Waits for work, but not for ever.
enum FirstOf {
    /// Returns when `body` has finished or after `limit`, whichever comes first. `body` runs on in the second case.
    @LoopActor
    static func wait(clock: any LoopClock, limit: Duration, for body: @escaping @LoopActor () async -> Void) async {
        let once = Once()
        await withCheckedContinuation { continuation in
            once.continuation = continuation
            let timer = clock.schedule(after: limit) { once.finish() }
            Task {
                await body()
                timer.cancel()
                once.finish()
            }
        }
    }

    @LoopActor
    private final class Once {
        var continuation: CheckedContinuation<Void, Never>?

        func finish() {
            continuation?.resume()
            continuation = nil
        }
    }
}
