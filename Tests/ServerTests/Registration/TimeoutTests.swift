import MainLoop
import RoostTesting
import Testing

@testable import Server

@LoopActor @Suite struct TimeoutTests {
    @Test func registrationEndsInTimeHoweverBusyItLooks() async throws {
        let test = try await TestWorld { $0.limits.registrationTimeout = .seconds(10) }
        let client = test.connect()
        for _ in 0..<5 {
            await test.advance(seconds: 2)
            await client.send("PING x")
        }
        #expect(!client.isClosed)
        await test.advance(seconds: 1)
        #expect(client.isClosed && client.last == "ERROR :Closing link: 192.0.2.1 (Registration timeout)")
    }

    @Test func anyLineIsASignOfLife() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        await test.advance(seconds: 121)
        #expect(alice.lines == ["PING irc.test"])
        await test.advance(seconds: 50)
        #expect(alice.lines == ["PING irc.test"])
        await alice.send("AWAY")
        await test.advance(seconds: 120)
        #expect(!alice.isClosed && alice.all("PING").count == 1)
        await test.advance(seconds: 1)
        #expect(alice.all("PING").count == 2)
    }

    @Test func theReasonTellsHowLong() async throws {
        let test = try await TestWorld { ($0.limits.pingInterval, $0.limits.pingTimeout) = (.seconds(10), .seconds(5)) }
        let alice = await test.join("alice")
        await test.advance(seconds: 17)
        #expect(alice.last == "ERROR :Closing link: 192.0.2.1 (Ping timeout: 17 seconds)")
    }

    /// PING and PONG keep a connection, but nobody becomes busy by them.
    @Test func idleTimeCountsCommandsOnly() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        test.clock.advance(by: .seconds(30))
        await alice.send("PING x", "PONG y")
        #expect(await bob.ask("WHOIS alice").contains { $0.contains(" 317 bob alice 30 ") })
        await alice.send("AWAY")
        #expect(await bob.ask("WHOIS alice").contains { $0.contains(" 317 bob alice 0 ") })
    }

    @Test func theSweepRunsByItself() async throws {
        let test = try await TestWorld { $0.limits.registrationTimeout = .seconds(10) }
        let client = test.connect()
        test.world.startTimers()
        test.clock.advance(by: .seconds(12))
        await test.settle()
        #expect(client.isClosed)
    }
}
