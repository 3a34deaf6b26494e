import Dispatch
import NIOCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The machine's clock, with timers on the event loop.
package final class SystemClock: LoopClock {
    package init() {}

    package var wallMilliseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    package var uptime: Duration {
        .nanoseconds(Int64(DispatchTime.now().uptimeNanoseconds))
    }

    @LoopActor @discardableResult
    package func schedule(after delay: Duration, _ body: @escaping @LoopActor () -> Void) -> any LoopTimer {
        Timer(LoopActor.eventLoop.scheduleTask(in: TimeAmount(delay)) { LoopActor.assumeIsolated(body) })
    }

    @LoopActor
    package func atEndOfTurn(_ body: @escaping @LoopActor () -> Void) {
        LoopActor.eventLoop.execute { LoopActor.assumeIsolated(body) }
    }

    package func sleep(for delay: Duration) async throws {
        try await Task.sleep(for: delay)
    }

    private final class Timer: LoopTimer {
        private let scheduled: Scheduled<Void>

        init(_ scheduled: Scheduled<Void>) {
            self.scheduled = scheduled
        }

        @LoopActor func cancel() {
            scheduled.cancel()
        }
    }
}
