import MainLoop
import NIOCore
import Testing

@Suite struct LoopActorTests {
    @Test func isolatedCodeRunsOnTheLoop() async {
        let onLoop = await Task { @LoopActor in LoopActor.eventLoop.inEventLoop }.value
        #expect(onLoop)
    }

    @Test func theLoopEntersTheActorWithoutSuspending() async throws {
        let value = try await LoopActor.eventLoop.submit {
            LoopActor.assumeIsolated { Counter.shared.next() }
        }.get()
        let next = await Counter.shared.next()
        #expect(next == value + 1)
    }

    @Test func aTaskStaysOnTheLoopAfterAwaiting() async {
        let stayed = await Task { @LoopActor in
            await Task.yield()
            return LoopActor.eventLoop.inEventLoop
        }.value
        #expect(stayed)
    }
}

@LoopActor private final class Counter {
    static let shared = Counter()
    private var value = 0

    func next() -> Int {
        value += 1
        return value
    }
}
