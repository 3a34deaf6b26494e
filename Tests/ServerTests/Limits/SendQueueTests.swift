import IRCProtocol
import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct SendQueueTests {
    /// One turn may not queue more than the bound either: it is checked before the transport is asked.
    @Test func oneTurnIsBounded() async throws {
        let test = try await TestWorld { $0.limits.sendQueue = 10_000 }
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        bob.isStalled = true
        alice.sendAtOnce((0..<1000).map { _ in "PRIVMSG bob :" + String(repeating: "x", count: 400) })
        #expect(bob.unsentBytes <= 10_000)
        await test.settle()
        #expect(bob.wasAborted && !alice.isClosed)
        #expect(test.world.nicknames["bob"] == nil)
    }

    @Test func whoReadsIsNotCut() async throws {
        let test = try await TestWorld { $0.limits.sendQueue = 10_000 }
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        for number in 0..<100 { await alice.send("PRIVMSG bob :\(number) " + String(repeating: "x", count: 300)) }
        #expect(!bob.isClosed && bob.lines.count == 100)
    }

    /// The age counts from the oldest byte, not from the last write.
    @Test func newLinesDoNotMakeOldOnesYoung() async throws {
        let test = try await TestWorld { $0.limits.sendQueueAge = .seconds(30) }
        let (alice, bob, carol) = (await test.join("alice"), await test.join("bob"), await test.join("carol"))
        for client in [alice, bob, carol] { await client.send("JOIN #c") }
        bob.isStalled = true
        for _ in 0..<29 {
            await alice.send("PRIVMSG #c :x")
            await test.advance(seconds: 1)
        }
        #expect(!bob.isClosed)
        await test.advance(seconds: 2)
        #expect(bob.wasAborted)
        #expect(carol.all("QUIT") == [":\(bob.client.source) QUIT :Write timeout"])
    }

    @Test func whoCatchesUpInTimeStays() async throws {
        let test = try await TestWorld { $0.limits.sendQueueAge = .seconds(30) }
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        for _ in 0..<3 {
            bob.isStalled = true
            await alice.send("PRIVMSG bob :x")
            await test.advance(seconds: 25)
            bob.isStalled = false
            bob.flush()
            await test.advance(seconds: 10)
        }
        #expect(!bob.isClosed && bob.all("PRIVMSG").count == 3)
    }

    /// Cutting several in the middle of one fan-out disturbs nobody else.
    @Test func severalAreCutAtOnce() async throws {
        let test = try await TestWorld { $0.limits.sendQueue = 5000 }
        var clients: [TestClient] = []
        for number in 0..<9 { clients.append(await test.join("n\(number)")) }
        for client in clients { await client.send("JOIN #c") }
        for client in clients[1..<6] { client.isStalled = true }
        for client in clients { client.clear() }
        for _ in 0..<20 { await clients[0].send("PRIVMSG #c :" + String(repeating: "x", count: 400)) }
        #expect(clients.map(\.wasAborted) == [false, true, true, true, true, true, false, false, false])
        for client in clients[6...] {
            #expect(client.all("PRIVMSG").count == 20 && client.all("QUIT").count == 5)
        }
        #expect(test.world.channels["#c"]?.members.count == 4)
    }
}
