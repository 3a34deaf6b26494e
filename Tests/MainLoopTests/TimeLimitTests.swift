import MainLoop
import RoostTesting
import Testing

@Suite struct TimeLimitTests {
    @Test @LoopActor func workInTimeIsDone() async {
        let clock = VirtualClock()
        var isDone = false
        #expect(await TimeLimit.wait(.seconds(1), clock: clock) { isDone = true })
        #expect(isDone)
    }

    @Test @LoopActor func slowWorkIsLeftBehind() async {
        let clock = VirtualClock()
        var release: CheckedContinuation<Void, Never>?
        let inTime = await TimeLimit.wait(.seconds(1), clock: clock) {
            await withCheckedContinuation { continuation in
                release = continuation
                clock.advance(by: .seconds(1))
            }
        }
        #expect(!inTime)
        release?.resume()
    }
}
