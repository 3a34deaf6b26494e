import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct MessageTests {
    @Test func errorsAreExactAndNoticesSilent() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        #expect(await alice.ask("PRIVMSG") == [":irc.test 411 alice :No recipient given (PRIVMSG)"])
        #expect(await alice.ask("PRIVMSG bob") == [":irc.test 412 alice :No text to send"])
        #expect(await alice.ask("PRIVMSG bob :x") == [":irc.test 401 alice bob :No such nick/channel"])
        #expect(await alice.ask("PRIVMSG #c :x") == [":irc.test 403 alice #c :No such channel"])
        #expect(await alice.ask("PRIVMSG a,b,c,d,e :x").first?.contains(" 407 ") == true)
        for line in ["NOTICE", "NOTICE bob", "NOTICE bob :x", "NOTICE #c :x"] { #expect(await alice.ask(line).isEmpty) }
    }

    @Test func moderationDecidesWhoSpeaks() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        await alice.send("JOIN #c")
        #expect(await bob.ask("PRIVMSG #c :x") == [":irc.test 404 bob #c :Cannot send to channel (+n)"])
        await bob.send("JOIN #c")
        await alice.send("MODE #c +m")
        #expect(await bob.ask("PRIVMSG #c :x") == [":irc.test 404 bob #c :Cannot send to channel (+m)"])
        await alice.send("MODE #c +v bob")
        #expect(await bob.ask("PRIVMSG #c :x").isEmpty)
        await alice.send("MODE #c -vm bob", "MODE #c +b bob")
        #expect(await bob.ask("PRIVMSG #c :x") == [":irc.test 404 bob #c :Cannot send to channel (+b)"])
        #expect(await bob.ask("NICK bobby").first?.contains(" 435 ") == true)
    }

    @Test func statusMessagesReachTheRank() async throws {
        let test = try await TestWorld()
        let (alice, bob, carol) = (await test.join("alice"), await test.join("bob"), await test.join("carol"))
        for client in [alice, bob, carol] { await client.send("JOIN #c") }
        await alice.send("MODE #c +v bob")
        bob.clear()
        carol.clear()
        await alice.send("PRIVMSG +#c :for voices")
        #expect(bob.lines == [":\(alice.client.source) PRIVMSG +#c :for voices"])
        #expect(carol.lines.isEmpty)
    }

    @Test func tagsReachThoseWhoAskedForThem() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", capabilities: "message-tags echo-message")
        let (bob, carol) = (await test.join("bob", capabilities: "message-tags server-time account-tag"), await test.join("carol"))
        for client in [alice, bob, carol] { await client.send("JOIN #c") }
        bob.clear()
        carol.clear()
        alice.clear()
        await alice.send("@+react=x;secret=1 PRIVMSG #c :hi")
        #expect(carol.lines == [":\(alice.client.source) PRIVMSG #c :hi"])
        #expect(bob.last?.hasPrefix("@time=2026-01-01T00:00:00.000Z;msgid=") == true)
        #expect(bob.last?.contains(";+react=x :alice!") == true)
        #expect(bob.last?.contains("secret") == false)
        #expect(alice.last?.hasPrefix("@msgid=") == true && alice.lines.count == 1)
        await alice.send("@+typing=active TAGMSG #c")
        #expect(bob.last?.hasSuffix("TAGMSG #c") == true)
        #expect(carol.lines.count == 1)
        #expect(await alice.ask("TAGMSG #c").isEmpty)
    }

    @Test func awayIsToldToWhoWrites() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        #expect(await bob.ask("AWAY :lunch") == [":irc.test 306 bob :You have been marked as being away"])
        #expect(await alice.ask("PRIVMSG bob :x") == [":irc.test 301 alice bob :lunch"])
        #expect(await alice.ask("NOTICE bob :x").isEmpty)
        #expect(await bob.ask("AWAY") == [":irc.test 305 bob :You are no longer marked as being away"])
    }

    @Test func aLineNeverExceeds512Bytes() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        await alice.send("PRIVMSG bob :" + String(repeating: "é", count: 240))
        let line = try #require(bob.last)
        #expect(line.utf8.count <= 510 && line.hasSuffix("é"))
        #expect(await alice.ask("PRIVMSG bob :" + String(repeating: "x", count: 600)) == [":irc.test 417 alice :Input line was too long"])
    }
}
