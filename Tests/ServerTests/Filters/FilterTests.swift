import IRCProtocol
import MainLoop
import NIOCore
import RoostTesting
import Store
import Testing

@testable import Server

/// What filters catch, and what becomes of it.
@LoopActor @Suite struct FilterTests {
    private func add(_ test: TestWorld, _ text: String) async throws {
        let said = try await test.administer("os", "FILTER ADD \(text)")
        #expect(said.first?.hasPrefix("Filter ") == true, "\(said)")
    }

    /// alice and bob are in #c, where bob reads.
    private func people(_ test: TestWorld, capabilities: String = "echo-message") async -> (TestClient, TestClient) {
        let (alice, bob) = (await test.join("alice", in: "#c", capabilities: capabilities), await test.join("bob", in: "#c"))
        for client in [alice, bob] { client.clear() }
        return (alice, bob)
    }

    @Test func aBlockedMessageIsNotSentAndTheSenderIsTold() async throws {
        let test = try await TestWorld()
        let (alice, bob) = await people(test)
        try await add(test, "BLOCK *free*money* | No advertising")
        let refusal = { (numeric: String, target: String) in
            [":irc.test \(numeric) alice \(target) :Your message is not sent on: No advertising"]
        }
        #expect(await alice.ask("PRIVMSG #c :get FREE \u{2}mon\u{2}ey now") == refusal("404", "#c"))
        #expect(await alice.ask("PRIVMSG bob :free money") == refusal("531", "bob"))
        #expect(await alice.ask("NOTICE #c :free money").isEmpty)
        #expect(bob.lines.isEmpty)
        await alice.send("PRIVMSG #c :nothing is free")
        #expect(bob.all("PRIVMSG").count == 1)
        await test.world.services.historyWriter.flush()
        let history = try await test.world.services.history.newest().sequence
        await alice.send("PRIVMSG #c :free money")
        await test.world.services.historyWriter.flush()
        #expect(try await test.world.services.history.newest().sequence == history && history > 0)
    }

    @Test func aSilencedMessageLooksSent() async throws {
        let test = try await TestWorld()
        let (alice, bob) = await people(test)
        try await add(test, "SILENT buy now")
        #expect(await alice.ask("PRIVMSG #C :Buy now!") == [":\(alice.client.source) PRIVMSG #c :Buy now!"])
        #expect(await alice.ask("PRIVMSG BOB :buy now") == [":\(alice.client.source) PRIVMSG bob :buy now"])
        #expect(bob.lines.isEmpty)
        // What would be refused is refused as ever.
        #expect(await alice.ask("PRIVMSG nobody :buy now").first?.contains(" 401 ") == true)
        await bob.send("MODE #c +m")
        #expect(await alice.ask("PRIVMSG #none :buy now").first?.contains(" 403 ") == true)
    }

    @Test func wordsAreWholeWordsAnywhere() {
        let pattern = FilterPattern("Buy now")
        for text in ["buy now", "please BUY NOW!", "(buy now)"] { #expect(pattern.matches(FilteredText(text)), "\(text)") }
        for text in ["buy nowhere", "rebuy now", "buy  now", "buy", "ébuy now", ""] {
            #expect(!pattern.matches(FilteredText(text)), "\(text)")
        }
        #expect(FilterPattern("ÜBER*").matches(FilteredText("über alles")))
        #expect(FilterPattern("*x?y*").matches(FilteredText("a xéy b")))
    }

    /// A text that is made to fit badly costs little.
    @Test func noTextKeepsTheServerBusy() {
        let pattern = FilterPattern(String(repeating: "*a", count: 99) + "*b")
        let text = FilteredText(String(repeating: "a", count: 8000))
        let clock = ContinuousClock()
        let took = clock.measure { #expect(!pattern.matches(text)) }
        #expect(took < .seconds(1))
    }

    @Test func whoIsCaughtByKillOrBanIsGone() async throws {
        let test = try await TestWorld()
        let (alice, bob) = await people(test)
        try await add(test, "KILL bad words")
        try await add(test, "BAN BAN=1d worse words | spam")
        let carol = await test.join("carol", in: "#c", from: "198.51.100.7")
        await alice.send("PRIVMSG #c :bad words", "PRIVMSG #c :and more")
        #expect(alice.isClosed && test.world.person(named: "alice") == nil)
        await carol.send("PRIVMSG #c :bad words, worse words")
        #expect(carol.isClosed && bob.all("PRIVMSG").isEmpty)
        #expect(test.connect(from: "198.51.100.7").isClosed)
        test.clock.advance(by: .seconds(86_401))
        #expect(!test.connect(from: "198.51.100.7").isClosed)
    }

    @Test func aBanTakesTheWholeNetworkOfAPerson() async throws {
        let test = try await TestWorld()
        try await add(test, "BAN worse words")
        let alice = await test.join("alice", in: "#c", from: "2001:db8:1:2::3")
        await alice.send("PRIVMSG #c :worse words")
        #expect(alice.isClosed && test.connect(from: "2001:db8:1:2::4").isClosed)
        #expect(!test.connect(from: "2001:db8:1:3::3").isClosed)
    }

    @Test func theStrictestDecidesAndAllCount() async throws {
        let test = try await TestWorld()
        let (alice, bob) = await people(test)
        try await add(test, "WARN *money*")
        try await add(test, "BLOCK *free money*")
        #expect(await alice.ask("PRIVMSG #c :free money").first?.contains(" 404 ") == true)
        await alice.send("PRIVMSG #c :money")
        #expect(bob.all("PRIVMSG").count == 1)
        #expect(test.world.filters.all.map(\.hits) == [2, 1])
        #expect(test.world.counts.filtered[.block] == 1 && test.world.counts.filtered[.warn] == 1)
    }

    @Test func someAreSpared() async throws {
        let test = try await TestWorld()
        let (_, bob) = await people(test)
        try await add(test, "BLOCK ACCOUNTS EXCEPT=#Free *money*")
        let (root, ann) = (try await test.operate("root", in: "#c"), try await test.logIn("ann", in: "#c"))
        let guest = await test.join("guest", in: "#free")
        await guest.send("JOIN #c", "PRIVMSG #free :money")
        #expect(guest.all("404").isEmpty)
        #expect(await guest.ask("PRIVMSG #c :money").first?.contains(" 404 ") == true)
        bob.clear()
        await root.send("PRIVMSG #c :money")
        await ann.send("PRIVMSG #c :money")
        #expect(bob.all("PRIVMSG").count == 2)
        // What is said to services may be a password.
        #expect(await guest.ask("PRIVMSG NickServ :HELP money").allSatisfy { !$0.contains(" 531 ") })
    }

    @Test func topicsAndReasonsToo() async throws {
        let test = try await TestWorld()
        let (alice, bob) = await people(test)
        await alice.send("MODE #c -t")
        try await add(test, "BLOCK *money* | no")
        #expect(await alice.ask("TOPIC #c :money") == [":irc.test 404 alice #c :The topic is not set: no"])
        await alice.send("PART #c :money")
        #expect(bob.all("PART") == [":\(alice.client.source) PART #c"])
        await alice.send("JOIN #c", "QUIT :money")
        #expect(bob.all("QUIT").first?.hasSuffix(" :Client quit") == true)
        try await add(test, "BLOCK IN=topic *gold*")
        let carol = await test.join("carol", in: "#c")
        bob.clear()
        await carol.send("PRIVMSG #c :gold", "TOPIC #c :gold")
        #expect(bob.all("PRIVMSG").count == 1 && bob.all("TOPIC").isEmpty)
    }

    /// Whichever way words go.
    @Test func everyWayOfSpeakingIsFiltered() async throws {
        let test = try await TestWorld()
        let capabilities = "echo-message message-tags batch draft/multiline draft/relaymsg"
        let alice = await test.join("alice", in: "#c", capabilities: capabilities)
        let bob = await test.join("bob", in: "#c", capabilities: "message-tags")
        await alice.send("PRIVMSG #c :good")
        let id = try #require(alice.lines.last.flatMap { Scenario.messageID(of: $0) })
        try await add(test, "BLOCK *money*")
        bob.clear()
        await alice.send(
            "@+draft/edit=\(id) PRIVMSG #c :money", "RELAYMSG #c far/away :money", "@+draft/react=money;+draft/reply=\(id) TAGMSG #c",
            "BATCH +1 draft/multiline #c", "@batch=1 PRIVMSG #c :some", "@batch=1;draft/multiline-concat PRIVMSG #c :money", "BATCH -1",
            "PRIVMSG @#c :money", "PRIVMSG #c,bob :money")
        #expect(bob.lines.isEmpty, "\(bob.lines)")
        #expect(test.world.filters.all[0].hits == 7)
    }

    @Test func theyEndAndOutliveARestart() async throws {
        let database = try RoostDatabase.inMemory()
        let test = try await TestWorld(database: database)
        try await add(test, "BLOCK FOR=1h IN=message ACCOUNTS EXCEPT=#x *money* | why")
        try await add(test, "BAN BAN=2d other words")
        let again = try await TestWorld(database: database, clock: test.clock)
        #expect(try await again.administer("os", "FILTER LIST") == (try await test.administer("os", "FILTER LIST")))
        #expect(again.world.filters.all.count == 2)
        test.clock.advance(by: .seconds(3601))
        test.world.tick()
        #expect(test.world.filters.all.map(\.pattern.text) == ["other words"])
        #expect(try await TestWorld(database: database, clock: test.clock).world.filters.all.count == 1)
        #expect(try await test.administer("os", "FILTER DEL 2") == ["Filter 2 on other words is gone"])
        #expect(try await TestWorld(database: database, clock: test.clock).world.filters.isEmpty)
    }

    @Test func thereIsALimit() async throws {
        let test = try await TestWorld { $0.limits.filters = 2 }
        for word in ["aaa", "bbb", "bbb"] { try await add(test, "WARN \(word)") }
        #expect(try await test.administer("os", "FILTER ADD WARN ccc") == ["There are 2 filters, and more is not possible"])
        #expect(test.world.filters.all.count == 2)
    }

    @Test func whatMakesNoSenseIsRefused() async throws {
        let test = try await TestWorld()
        let mistakes = [
            ("FLY *money*", "FLY is no action"), ("WARN FOR=x money", "FOR=x makes no sense"),
            ("WARN BAN=1d money", "BAN=1d makes no sense"),
            ("WARN IN=moon money", "IN=moon makes no sense"), ("WARN *a*", "*a* catches almost anything"),
            ("WARN \(String(repeating: "x", count: 201))", "A pattern has at most"), ("WARN", "Syntax"), ("WARN ACCOUNTS", "Syntax"),
        ]
        for (text, start) in mistakes {
            #expect(try await test.administer("os", "FILTER ADD \(text)").first?.hasPrefix(start) == true, "\(text)")
        }
        #expect(test.world.filters.isEmpty)
        try await add(test, "WARN FORCE *a*")
        let said = try await test.administer("os", "FILTER TEST what a day")
        #expect(said.last == "1 filters catch that; what happens: warn")
        #expect(try await test.administer("os", "FILTER DEL 7") == ["There is no filter 7"])
    }

    /// Who said what is not for the log.
    @Test func theTextIsNotLogged() async throws {
        let log = EventLog()
        let test = try await TestWorld(logger: log.logger)
        let (alice, _) = await people(test)
        try await add(test, "WARN *money*")
        await alice.send("PRIVMSG #c :my secret money")
        let hit = try #require(log.events.first { $0.name == "filter.hit" })
        #expect(hit.metadata["filter"] == "1" && hit.metadata["target"] == "#c" && !log.text.contains("my secret"))
    }
}
