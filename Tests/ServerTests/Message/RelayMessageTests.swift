import IRCProtocol
import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct RelayMessageTests {
    @Test func aMessageComesUnderTheOtherName() async throws {
        let test = try await TestWorld()
        let relay = await test.join("relay", in: "#c", capabilities: "echo-message labeled-response batch")
        let alice = await test.join("alice", in: "#c", capabilities: "draft/relaymsg draft/chathistory")
        let bob = await test.join("bob", in: "#c")
        #expect(await relay.ask("@label=x RELAYMSG #c smt/discord :hi") == ["@label=x :smt/discord!relay@irc.test PRIVMSG #c :hi"])
        #expect(alice.last == "@draft/relaymsg=relay :smt/discord!relay@irc.test PRIVMSG #c :hi")
        #expect(bob.last == ":smt/discord!relay@irc.test PRIVMSG #c :hi")
        #expect(await alice.ask("CHATHISTORY LATEST #c * 5") == [":smt/discord!relay@irc.test PRIVMSG #c :hi"])
    }

    @Test func refusalsHaveTheirCodes() async throws {
        let test = try await TestWorld()
        let relay = await test.join("relay", in: "#c")
        let alice = await test.join("alice", in: "#c")
        for name in ["plain", "bad!nick/x", "/", "a,b/x", "a" + String(repeating: "/", count: 480)] {
            #expect(await relay.ask("RELAYMSG #c \(name) hi").last?.hasPrefix(":irc.test FAIL RELAYMSG INVALID_NICK :") == true)
        }
        #expect(await relay.ask("RELAYMSG #c a/b :") == [":irc.test FAIL RELAYMSG BLANK_MSG :The message is empty"])
        #expect(
            await alice.ask("RELAYMSG #c a/b :x") == [":irc.test FAIL RELAYMSG PRIVS_NEEDED :Only channel operators may relay messages"])
        #expect(await alice.ask("RELAYMSG #none a/b :x") == [":irc.test 403 alice #none :No such channel"])
        #expect(await alice.ask("NICK a/b").first?.contains(" 432 ") == true)
        await relay.send("MODE #c +C")
        #expect(await relay.ask("RELAYMSG #c a/b :\u{1}VERSION\u{1}").first?.contains(" 404 relay #c ") == true)
    }
}
