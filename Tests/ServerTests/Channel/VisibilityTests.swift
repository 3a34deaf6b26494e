import IRCProtocol
import MainLoop
import Testing

@testable import Server

/// Channels in which not everybody sees everybody.
@LoopActor @Suite struct VisibilityTests {
    private let test: TestWorld
    private let (alice, bob): (TestClient, TestClient)

    init() async throws {
        test = try await TestWorld()
        (alice, bob) = (await test.join("alice", in: "#c"), await test.join("bob", in: "#c"))
        alice.clear()
    }

    @Test func anAuditoriumShowsTheStage() async {
        await alice.send("MODE #c +u")
        for client in [alice, bob] { client.clear() }
        let carol = await test.join("carol", in: "#c")
        #expect(alice.all("JOIN").count == 1 && bob.lines.isEmpty)
        #expect(await carol.ask("NAMES #c").first == ":irc.test 353 carol = #c :@alice carol")
        await carol.send("NICK carola", "PART #c")
        #expect(bob.lines.isEmpty)
        #expect(alice.all("NICK").count == 1 && alice.all("PART").count == 1)
    }

    @Test func aVoiceBringsOnStage() async {
        await alice.send("MODE #c +u")
        let carol = await test.join("carol", in: "#c")
        bob.clear()
        await alice.send("MODE #c +v carol")
        #expect(bob.lines == [":\(carol.client.source) JOIN #c", ":\(alice.client.source) MODE #c +v carol"])
        bob.clear()
        await alice.send("MODE #c -v carol")
        #expect(bob.lines.first == ":\(carol.client.source) PART #c")
        #expect(await alice.ask("MODE #c +v carol").count == 1)
    }

    @Test func aDelayedJoinIsSeenWithTheFirstWord() async {
        await alice.send("MODE #c +D")
        for client in [alice, bob] { client.clear() }
        let carol = await test.join("carol", in: "#c")
        #expect(alice.lines.isEmpty && bob.lines.isEmpty)
        #expect(await alice.ask("NAMES #c").first == ":irc.test 353 alice = #c :@alice bob")
        #expect(await bob.ask("WHO #c").count == 3)
        for client in [alice, bob] { client.clear() }
        await carol.send("PRIVMSG #c :hello")
        #expect(alice.lines == [":\(carol.client.source) JOIN #c", ":\(carol.client.source) PRIVMSG #c :hello"])
        await carol.send("PRIVMSG #c :again")
        #expect(alice.lines.count == 3)
    }

    @Test func whoWasNeverSeenLeavesUnseen() async {
        await alice.send("MODE #c +D")
        let (carol, dave) = (await test.join("carol", in: "#c"), await test.join("dave", in: "#c"))
        alice.clear()
        await carol.send("PART #c")
        dave.disconnect()
        await test.settle()
        #expect(alice.lines.isEmpty)
    }

    @Test func takingTheModeAwayShowsAll() async {
        await alice.send("MODE #c +D")
        let carol = await test.join("carol", in: "#c")
        bob.clear()
        await alice.send("MODE #c -D")
        #expect(bob.all("JOIN") == [":\(carol.client.source) JOIN #c"])
    }
}
