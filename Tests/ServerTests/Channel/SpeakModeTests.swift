import IRCProtocol
import MainLoop
import RoostTesting
import Testing

@testable import Server

/// The channel modes that decide what may be said, and who hears it.
@LoopActor @Suite struct SpeakModeTests {
    private let test: TestWorld
    private let (alice, bob): (TestClient, TestClient)

    init() async throws {
        test = try await TestWorld()
        (alice, bob) = (await test.join("alice", in: "#c"), await test.join("bob", in: "#c"))
        alice.clear()
    }

    private func refusal(_ line: String) async -> String? {
        await bob.ask(line).first { $0.contains(" 404 ") }.map { String($0.split(separator: " :", maxSplits: 1).last ?? "") }
    }

    @Test func noCTCPButAction() async {
        await alice.send("MODE #c +C")
        #expect(await refusal("PRIVMSG #c :\u{1}VERSION\u{1}") == "Cannot send to channel (+C): no CTCP here")
        #expect(await refusal("PRIVMSG #c :\u{1}ACTION waves\u{1}") == nil)
        #expect(alice.all("PRIVMSG").count == 1)
    }

    @Test func noNoticesIsNotAnswered() async {
        await alice.send("MODE #c +T")
        alice.clear()
        #expect(await bob.ask("NOTICE #c :x").isEmpty)
        #expect(alice.lines.isEmpty)
        #expect(await refusal("PRIVMSG #c :x") == nil)
    }

    @Test func formattingIsTakenOut() async {
        await alice.send("MODE #c +c")
        await bob.send("PRIVMSG #c :\u{2}bold\u{3}4,12red\u{3} \u{4}ff0000hex, a\u{3}, b")
        #expect(alice.last == ":\(bob.client.source) PRIVMSG #c :boldred hex, a, b")
    }

    @Test func onlyAccountsSpeak() async throws {
        await alice.send("MODE #c +M")
        #expect(await refusal("PRIVMSG #c :x")?.contains("(+M)") == true)
        await alice.send("MODE #c +v bob")
        #expect(await refusal("PRIVMSG #c :x") == nil)
        let carol = try await test.logIn("carol", in: "#c")
        #expect(await carol.ask("PRIVMSG #c :x").isEmpty)
    }

    @Test func tooManyMessagesWait() async {
        await alice.send("MODE #c +f 2:10")
        #expect(await refusal("PRIVMSG #c :1") == nil)
        #expect(await refusal("PRIVMSG #c :2") == nil)
        #expect(await refusal("PRIVMSG #c :3")?.contains("(+f)") == true)
        test.clock.advance(by: .seconds(10))
        #expect(await refusal("PRIVMSG #c :4") == nil)
        for number in 0..<5 { #expect(await alice.ask("PRIVMSG #c :op \(number)").isEmpty) }
    }

    /// A message of several lines is as many messages, also where its lines are longer than those of others.
    @Test func severalLinesCountEach() async {
        await bob.send("CAP REQ :batch draft/multiline")
        func say(lines: Int) async -> Bool {
            bob.clear()
            await bob.send("BATCH +1 draft/multiline #c")
            for number in 0..<lines { await bob.send("@batch=1 PRIVMSG #c :\(number)") }
            await bob.send("BATCH -1")
            return bob.all("404").isEmpty
        }
        await alice.send("MODE #c +f 4:10")
        #expect(await !say(lines: 5))
        #expect(await say(lines: 3))
        #expect(await !say(lines: 2))
        #expect(await refusal("PRIVMSG #c :one") == nil)
        #expect(await refusal("PRIVMSG #c :one")?.contains("(+f)") == true)
        test.clock.advance(by: .seconds(10))
        #expect(await say(lines: 4))
        let wes = test.connectByWebSocket()
        await wes.send("NICK wes", "USER w 0 * :W", "JOIN #c")
        wes.clear()
        await wes.send("PRIVMSG #c :" + String(repeating: "x", count: 4 * 512))
        #expect(wes.all("404").count == 1)
        await wes.send("PRIVMSG #c :" + String(repeating: "x", count: 4 * 512 - 1))
        #expect(wes.all("404").count == 1)
    }

    @Test func slowModeSaysHowLong() async {
        await alice.send("MODE #c +W 30")
        #expect(await refusal("PRIVMSG #c :1") == nil)
        test.clock.advance(by: .seconds(10))
        #expect(await refusal("PRIVMSG #c :2") == "Cannot send to channel (+W): wait 20 more seconds")
        test.clock.advance(by: .seconds(20))
        #expect(await refusal("PRIVMSG #c :3") == nil)
    }

    @Test func moderatedTowardsOperators() async {
        let carol = await test.join("carol", in: "#c")
        await alice.send("MODE #c +U")
        for client in [alice, carol] { client.clear() }
        await bob.send("PRIVMSG #c :hidden")
        #expect(alice.all("PRIVMSG").count == 1 && carol.lines.isEmpty)
        await alice.send("PRIVMSG #c :open")
        #expect(carol.all("PRIVMSG").count == 1)
        #expect(await alice.ask("CHATHISTORY LATEST #c * 10").filter { $0.contains("PRIVMSG") }.count == 1)
    }

    @Test func theDeafHearNothingInChannels() async {
        await alice.send("MODE alice +D")
        alice.clear()
        await bob.send("PRIVMSG #c :x", "PRIVMSG alice :y")
        #expect(alice.lines == [":\(bob.client.source) PRIVMSG alice :y"])
    }

    @Test func muteLetsInAndKeepsQuiet() async {
        await alice.send("MODE #c +b m:carol!*@*")
        let carol = await test.join("carol", in: "#c")
        #expect(carol.client.channels.count == 1)
        #expect(await carol.ask("PRIVMSG #c :x").first?.contains(" 404 ") == true)
        await alice.send("MODE #c +e m:*!*carol@*")
        #expect(await carol.ask("PRIVMSG #c :x").isEmpty)
    }
}
