package import MainLoop
import NIOCore
import Synchronization

/// A clock that stands still until a test moves it. Timers fire on the loop, in order of their time.
package final class VirtualClock: LoopClock {
    private struct State {
        var wall: Int64
        var uptime: Duration = .zero
        var timers: [Timer] = []
        var sequence = 0
        var sleepers: [(due: Duration, id: Int, continuation: CheckedContinuation<Void, any Error>)] = []
    }

    private let state: Mutex<State>

    /// - Parameter wallMilliseconds: the wall time at the start; by default 2026-01-01T00:00:00Z.
    package init(wallMilliseconds: Int64 = 1_767_225_600_000) {
        state = Mutex(State(wall: wallMilliseconds))
    }

    package var wallMilliseconds: Int64 { state.withLock { $0.wall } }
    package var uptime: Duration { state.withLock { $0.uptime } }

    @LoopActor @discardableResult
    package func schedule(after delay: Duration, _ body: @escaping @LoopActor () -> Void) -> any LoopTimer {
        state.withLock { state in
            state.sequence += 1
            let timer = Timer(due: state.uptime + delay, sequence: state.sequence, body: body)
            state.timers.append(timer)
            return timer
        }
    }

    @LoopActor
    package func atEndOfTurn(_ body: @escaping @LoopActor () -> Void) {
        LoopActor.eventLoop.execute { LoopActor.assumeIsolated(body) }
    }

    package func sleep(for delay: Duration) async throws {
        let id = state.withLock { state in
            state.sequence += 1
            return state.sequence
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                if Task.isCancelled { return continuation.resume(throwing: CancellationError()) }
                state.withLock { $0.sleepers.append(($0.uptime + delay, id, continuation)) }
                // A cancellation between the check and the append must not leave the sleeper behind.
                if Task.isCancelled { cancelSleeper(id) }
            }
        } onCancel: {
            cancelSleeper(id)
        }
    }

    private func cancelSleeper(_ id: Int) {
        let found = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else { return nil }
            return state.sleepers.remove(at: index).continuation
        }
        found?.resume(throwing: CancellationError())
    }

    /// How many tasks wait in ``sleep(for:)``.
    package var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    /// Moves both times forward by `duration` and runs what comes due, earliest first.
    @LoopActor
    package func advance(by duration: Duration) {
        let end = uptime + duration
        while let timer = nextTimer(until: end) {
            move(to: timer.due)
            timer.fire()
        }
        move(to: end)
    }

    /// Sets the wall clock forward or back, as an administrator or a time service can; timers and ``uptime`` are not touched.
    package func jump(by duration: Duration) {
        state.withLock { $0.wall += duration.components.seconds * 1000 }
    }

    @LoopActor
    private func nextTimer(until end: Duration) -> Timer? {
        state.withLock { state in
            state.timers.removeAll { $0.isCancelled }
            guard let next = state.timers.filter({ $0.due <= end }).min(by: { ($0.due, $0.sequence) < ($1.due, $1.sequence) })
            else { return nil }
            state.timers.removeAll { $0 === next }
            return next
        }
    }

    private func move(to time: Duration) {
        let due = state.withLock { state -> [CheckedContinuation<Void, any Error>] in
            let step = time - state.uptime
            guard step > .zero else { return [] }
            state.uptime = time
            state.wall += step.components.seconds * 1000 + step.components.attoseconds / 1_000_000_000_000_000
            let ready = state.sleepers.filter { $0.due <= time }.map(\.continuation)
            state.sleepers.removeAll { $0.due <= time }
            return ready
        }
        for continuation in due { continuation.resume() }
    }

    private final class Timer: LoopTimer {
        let due: Duration
        let sequence: Int
        private let body: @LoopActor () -> Void
        private let cancelled = Mutex(false)

        init(due: Duration, sequence: Int, body: @escaping @LoopActor () -> Void) {
            (self.due, self.sequence, self.body) = (due, sequence, body)
        }

        var isCancelled: Bool { cancelled.withLock { $0 } }

        @LoopActor func cancel() {
            cancelled.withLock { $0 = true }
        }

        @LoopActor func fire() {
            if !isCancelled { body() }
        }
    }
}
