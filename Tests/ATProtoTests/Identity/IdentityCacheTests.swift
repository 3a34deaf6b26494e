import ATProto
import MainLoop
import RoostTesting
import Testing

@LoopActor @Suite struct IdentityCacheTests {
    private let cache = IdentityCache<String, Int>(clock: VirtualClock(), capacity: 10)

    /// A look-up that hangs until it is told its answer.
    private func hanging(fresh: Bool) -> (answer: AsyncStream<Int>.Continuation, result: Task<Int, any Error>) {
        let (stream, answer) = AsyncStream.makeStream(of: Int.self)
        let result = Task { @LoopActor in
            try await cache.value("key", fresh: fresh) { () async throws(IdentityError) in
                for await value in stream { return value }
                throw .temporary(reason: "a test")
            }
        }
        return (answer, result)
    }

    @Test func whatWasAskedLaterCountsAlsoWhenItComesFirst() async throws {
        let old = hanging(fresh: false)
        await Task.yield()
        let new = hanging(fresh: true)
        await Task.yield()
        new.answer.yield(2)
        #expect(try await new.result.value == 2)
        old.answer.yield(1)
        #expect(try await old.result.value == 1)
        let kept = try await cache.value("key", fresh: false) { () async throws(IdentityError) in 3 }
        #expect(kept == 2)
    }
}
