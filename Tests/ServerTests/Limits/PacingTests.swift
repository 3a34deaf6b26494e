import MainLoop
import NIOCore
import RoostTesting
import Testing

@testable import Server

/// Flood control seen from outside, with a clock that only a test moves.
@LoopActor @Suite struct PacingTests {
    private func world(burst: Int, rate: Int) async throws -> TestWorld {
        try await TestWorld {
            $0.limits.floodControl = true
            ($0.limits.floodBurst, $0.limits.floodRate) = (burst, rate)
        }
    }

    @Test func theRateIsKeptSecondBySecond() async throws {
        let test = try await world(burst: 20, rate: 2)
        let alice = await test.join("alice")
        test.clock.advance(by: .seconds(60))
        alice.clear()
        alice.sendAtOnce((0..<40).map { "PING \($0)" })
        await test.settle()
        var counts = [alice.lines.count]
        for _ in 0..<10 {
            test.clock.advance(by: .seconds(1))
            await test.settle()
            counts.append(alice.lines.count)
        }
        #expect(counts == [20, 22, 24, 26, 28, 30, 32, 34, 36, 38, 40])
        #expect(alice.lines == (0..<40).map { ":irc.test PONG irc.test :\($0)" })
    }

    @Test func onePersonDoesNotSlowAnother() async throws {
        let test = try await world(burst: 10, rate: 1)
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        test.clock.advance(by: .seconds(60))
        alice.sendAtOnce((0..<100).map { "PING \($0)" })
        #expect(await bob.ask("PING x") == [":irc.test PONG irc.test :x"])
    }

    @Test func answersToPingsAreFree() async throws {
        let test = try await world(burst: 10, rate: 1)
        let alice = await test.join("alice")
        test.clock.advance(by: .seconds(60))
        alice.sendAtOnce(Array(repeating: "PONG x", count: 100))
        #expect(await alice.ask("PING x").count == 1)
    }

    @Test func unknownCommandsAreNotFree() async throws {
        let test = try await world(burst: 10, rate: 1)
        let alice = await test.join("alice")
        test.clock.advance(by: .seconds(60))
        alice.clear()
        alice.sendAtOnce(Array(repeating: "NONSENSE", count: 20))
        await test.settle()
        #expect(alice.lines.count == 10)
    }

    enum Unreadable: CaseIterable {
        case nul, carriageReturn, notUTF8, tooLong

        var bytes: [UInt8] {
            switch self {
            case .nul: [0]
            case .carriageReturn: [0x0D, 0x78]
            case .notUTF8: [0xFF]
            case .tooLong: Array(repeating: 0x78, count: 600)
            }
        }
    }

    /// The lines of a batch are paid for with it, but not those that cannot be a part of it: each of them is answered.
    @Test(arguments: Unreadable.allCases)
    func unreadableLinesOfABatchAreNotFree(_ kind: Unreadable) async throws {
        let test = try await world(burst: 10, rate: 1)
        let alice = await test.join("alice", capabilities: "batch draft/multiline")
        test.clock.advance(by: .seconds(60))
        // It costs 4.
        await alice.send("BATCH +1 draft/multiline alice")
        alice.clear()
        let line = ByteBuffer(bytes: Array("@batch=1 PRIVMSG alice :x".utf8) + kind.bytes)
        for _ in 0..<20 { test.world.receive(line, from: alice.session) }
        await test.settle()
        #expect(alice.lines.count == 6)
        test.clock.advance(by: .seconds(3))
        await test.settle()
        #expect(alice.lines.count == 9)
    }

    /// Lines that wait when their sender goes are not run.
    @Test func waitingLinesGoWithTheirSender() async throws {
        let test = try await world(burst: 6, rate: 1)
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        test.clock.advance(by: .seconds(60))
        bob.clear()
        alice.sendAtOnce((0..<20).map { "PRIVMSG bob :\($0)" })
        alice.disconnect()
        test.clock.advance(by: .seconds(60))
        await test.settle()
        #expect(bob.lines.count == 6)
    }
}
