import MainLoop
import RoostTesting
import Testing

@LoopActor @Suite struct VirtualClockTests {
    @Test func timersFireInOrderOfTheirTimeAndSeeIt() {
        let clock = VirtualClock(wallMilliseconds: 1000)
        var seen: [String] = []
        clock.schedule(after: .seconds(2)) { seen.append("late \(clock.wallMilliseconds)") }
        clock.schedule(after: .seconds(1)) { seen.append("early \(clock.wallMilliseconds)") }
        clock.advance(by: .milliseconds(999))
        #expect(seen.isEmpty)
        clock.advance(by: .seconds(2))
        #expect(seen == ["early 2000", "late 3000"])
        #expect(clock.wallMilliseconds == 3999)
    }

    @Test func aCancelledTimerStaysSilent() {
        let clock = VirtualClock()
        var fired = false
        let timer = clock.schedule(after: .seconds(1)) { fired = true }
        timer.cancel()
        clock.advance(by: .seconds(2))
        #expect(!fired)
    }

    @Test func aTimerMaySetAnotherOneWithinTheSameStep() {
        let clock = VirtualClock()
        var count = 0
        func again() {
            count += 1
            if count < 5 { clock.schedule(after: .seconds(1), again) }
        }
        clock.schedule(after: .seconds(1), again)
        clock.advance(by: .seconds(10))
        #expect(count == 5)
    }

    @Test func sleepEndsWhenTimeHasPassedOrTheTaskIsCancelled() async throws {
        let clock = VirtualClock()
        let sleeper = Task { try await clock.sleep(for: .seconds(5)) }
        let cancelled = Task { try await clock.sleep(for: .seconds(500)) }
        while clock.sleeperCount < 2 { await Task.yield() }
        clock.advance(by: .seconds(5))
        try await sleeper.value
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        #expect(clock.sleeperCount == 0)
    }

    @Test func theSystemClockGoesForward() async {
        let clock = SystemClock()
        let before = clock.uptime
        await withCheckedContinuation { continuation in
            clock.schedule(after: .milliseconds(1)) { continuation.resume() }
        }
        #expect(clock.uptime - before >= .milliseconds(1))
        #expect(clock.wallMilliseconds > 1_700_000_000_000)
    }
}
