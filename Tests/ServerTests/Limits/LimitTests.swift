import MainLoop
import NIOCore
import Testing

@testable import Server

@LoopActor @Suite struct LimitTests {
    @Test func whoSendsFarAheadIsCut() async throws {
        let test = try await TestWorld {
            $0.limits.floodControl = true
            $0.limits.receiveQueue = 4096
        }
        let alice = await test.join("alice")
        alice.sendAtOnce((0..<200).map { "PRIVMSG bob :\($0)" })
        await test.settle()
        #expect(alice.isClosed && alice.last?.contains("Excess Flood") == true)
    }

    @Test func whoDoesNotReadIsCutByBytes() async throws {
        let test = try await TestWorld { $0.limits.sendQueue = 20_000 }
        let (alice, bob, carol) = (await test.join("alice"), await test.join("bob"), await test.join("carol"))
        for client in [alice, bob, carol] { await client.send("JOIN #c") }
        bob.isStalled = true
        carol.clear()
        for number in 0..<100 { await alice.send("PRIVMSG #c :\(number) " + String(repeating: "x", count: 300)) }
        #expect(bob.wasAborted && bob.unsentBytes < 41_000)
        #expect(carol.all("QUIT") == [":\(bob.client.source) QUIT :SendQ exceeded"])
        #expect(carol.all("PRIVMSG").count == 100)
    }

    @Test func connectionsOfOneAddressAreBounded() async throws {
        let test = try await TestWorld { $0.limits.connectionsPerAddress = 2 }
        let first = test.connect(from: "2001:db8:1:2::1")
        _ = test.connect(from: "2001:db8:1:2:ffff::9")
        let third = test.connect(from: "2001:db8:1:2::3")
        #expect(third.isClosed && third.last?.contains("Too many connections from your address") == true)
        #expect(!test.connect(from: "2001:db8:1:3::1").isClosed)
        first.disconnect()
        #expect(!test.connect(from: "2001:db8:1:2::3").isClosed)
        for _ in 0..<10 { #expect(!test.connect(from: "127.0.0.1").isClosed) }
        for _ in 0..<10 { #expect(!test.connect(from: "::1").isClosed) }
    }

    @Test func linesOfOddBytesAreRefused() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        test.world.receive(ByteBuffer(bytes: Array("PRIVMSG alice :".utf8) + [0xFF]), from: alice.session)
        await test.settle()
        #expect(alice.last?.contains("FAIL PRIVMSG INVALID_UTF8") == true)
        #expect(await alice.ask("PRIVMSG alice :a\rQUIT").last?.contains(" 400 ") == true)
        test.world.receiveOverlong(from: alice.session)
        await test.settle()
        #expect(alice.last?.contains(" 417 ") == true)
    }

    @Test func aReloadChangesLimitsAndTellsClients() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        var next = test.world.configuration
        next.limits.topic = 10
        next.history.enabled = false
        test.world.reconfigure(next)
        await test.settle()
        let line = try #require(alice.all("005").first)
        #expect(line.contains(" TOPICLEN=10 ") && line.contains(" -CHATHISTORY ") && !line.contains("NICKLEN"))
    }
}
