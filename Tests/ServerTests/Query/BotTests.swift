import IRCProtocol
import MainLoop
import Testing

@testable import Server

/// IRCv3 bot-mode.
@LoopActor @Suite struct BotTests {
    @Test func aBotIsShownAsOneEverywhere() async throws {
        let test = try await TestWorld()
        let bot = await test.join("robo", in: "#c")
        let alice = await test.join("alice", in: "#c", capabilities: "message-tags")
        #expect(await bot.ask("MODE robo +B").count == 1)
        #expect(ISupport(test.world.configuration).tokens.contains("BOT=B"))
        #expect(await alice.ask("WHOIS robo").contains(":irc.test 335 alice robo :is a bot on Test"))
        #expect(await alice.ask("WHO robo").first?.contains(" robo HB :0 ") == true)
        alice.clear()
        await bot.send("PRIVMSG #c :x", "TOPIC #c :t")
        #expect(alice.lines[0].hasPrefix("@msgid=") && alice.lines[0].contains(";bot :robo!"))
        #expect(alice.lines[1].contains(";bot :robo!"))
        await bot.send("CAP REQ :message-tags echo-message")
        #expect(await bot.ask("PRIVMSG alice :x").first?.contains(";bot :robo!") == true)
        await bot.send("MODE robo -B")
        #expect(await alice.ask("WHOIS robo").filter { $0.contains(" 335 ") }.isEmpty)
    }
}
