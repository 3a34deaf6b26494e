import MainLoop
import Store
import Testing

@testable import Server

/// What was said in a channel that is nobody's is not for whoever opens its name next, unless everybody could have read it.
@LoopActor @Suite struct SealingTests {
    private func said(_ client: TestClient, in channel: String = "#c") async -> [String] {
        await client.ask("CHATHISTORY LATEST \(channel) * 10").filter { $0.contains("PRIVMSG") }
    }

    @Test(arguments: [("+s", false), ("+p", false), ("+i", false), ("+k key", false), ("+R", false), ("+m", true)])
    func aClosedChannelEndsWithItsHistory(_ modes: String, _ isReadable: Bool) async throws {
        let test = try await TestWorld()
        let alice = try await test.logIn("alice", in: "#c")
        await alice.send("MODE #c \(modes)", "PRIVMSG #c :words", "PART #c")
        let eve = await test.join("eve", in: "#c")
        #expect(await said(eve).isEmpty != isReadable)
        #expect(await eve.ask("SEARCH text=words").contains { $0.contains("PRIVMSG") } == isReadable)
        #expect(test.world.namesOnHold.isEmpty)
    }

    @Test func whoComesBackAtOnceWaitsUntilItIsDone() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", in: "#c")
        await alice.send("MODE #c +s", "PRIVMSG #c :words")
        alice.sendAtOnce(["PART #c", "JOIN #c", "PRIVMSG #c :again"])
        await test.settle()
        #expect(await said(alice).count == 1 && alice.client.channels.count == 1)
    }

    @Test func aRegisteredChannelKeepsItsHistory() async throws {
        let test = try await TestWorld()
        let alice = try await test.logIn("alice", in: "#c")
        await alice.send("CS REGISTER #c", "MODE #c +s", "PRIVMSG #c :words", "PART #c", "JOIN #c")
        #expect(await said(alice).count == 1)
    }

    @Test func aStopEndsClosedChannelsToo() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", in: "#c")
        await alice.send("MODE #c +s", "PRIVMSG #c :words")
        test.world.shutdown(reason: "x")
        await test.settle()
        let rows = try await test.world.services.history.page(conversation: "#c", .latest(after: nil), limit: 10)
        #expect(rows.isEmpty)
    }

    /// A crash ends what is closed at that time, and nothing else.
    @Test(arguments: [("+s", "", true), ("+k key", "", true), ("+s", "-s", false), ("+m", "", false)])
    func aCrashEndsClosedChannelsToo(_ modes: String, _ later: String, _ isSealed: Bool) async throws {
        let database = try RoostDatabase.inMemory()
        let test = try await TestWorld(database: database)
        let (alice, own) = (await test.join("alice", in: "#c"), try await test.logIn("ann", in: "#own"))
        await own.send("CS REGISTER #own", "MODE #own +s", "PRIVMSG #own :words")
        await alice.send("MODE #c \(modes)", "PRIVMSG #c :words")
        if !later.isEmpty { await alice.send("MODE #c \(later)") }
        await test.world.services.historyWriter.flush()
        await test.world.flushRecords()

        let next = try await TestWorld(database: database)
        await next.settle()
        await next.world.flushRecords()
        let eve = await next.join("eve", in: "#c")
        #expect(await said(eve).isEmpty == isSealed)
        let rows = try await next.world.services.history.page(conversation: "#own", .latest(after: nil), limit: 10)
        #expect(rows.count == 1 && next.world.namesOnHold.isEmpty)
        #expect(try await next.world.services.channelRecords.all().keys.sorted() == ["#own"])
    }
}
