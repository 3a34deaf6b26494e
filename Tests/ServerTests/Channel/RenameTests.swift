import IRCProtocol
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Server

/// draft/channel-rename.
@LoopActor @Suite struct RenameTests {
    @Test func everybodyLearnsItAndEverythingStays() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", in: "#old", capabilities: "draft/channel-rename")
        let bob = await test.join("bob", in: "#old", capabilities: "extended-join")
        await alice.send("TOPIC #old :t", "MODE #old +k key")
        bob.clear()
        #expect(await alice.ask("RENAME #old #New :typo") == [":\(alice.client.source) RENAME #old #New :typo"])
        #expect(bob.lines[0] == ":\(bob.client.source) PART #old :typo")
        #expect(bob.lines[1] == ":\(bob.client.source) JOIN #New * :Bob")
        #expect(bob.all("332") == [":irc.test 332 bob #New :t"] && bob.all("353").count == 1 && bob.all("366").count == 1)
        #expect(test.world.channels["#old"] == nil && test.world.channels["#new"]?.modes.key == "key")
        bob.clear()
        await alice.send("PRIVMSG #new :x")
        #expect(bob.all("PRIVMSG").count == 1)
        #expect(await bob.ask("PART #new").count == 1)
        await alice.send("QUIT")
        #expect(test.world.channels.isEmpty)
    }

    @Test func anotherSpellingIsNoOtherChannel() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", in: "#old", capabilities: "draft/channel-rename")
        let bob = await test.join("bob", in: "#old")
        alice.clear()
        #expect(await alice.ask("RENAME #old #OLD") == [":\(alice.client.source) RENAME #old #OLD :"])
        #expect(bob.lines.isEmpty && test.world.channels["#old"]?.name.text == "#OLD")
    }

    @Test func refusalsNameBothChannels() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", in: "#a")
        let bob = await test.join("bob", in: "#b")
        #expect(await alice.ask("RENAME #a") == [":irc.test 461 alice RENAME :Not enough parameters"])
        #expect(await alice.ask("RENAME #none #x") == [":irc.test 403 alice #none :No such channel"])
        #expect(await alice.ask("RENAME #b #x") == [":irc.test 442 alice #b :You're not on that channel"])
        await bob.send("JOIN #a")
        #expect(await bob.ask("RENAME #a #x") == [":irc.test 482 bob #a :You're not a channel operator"])
        #expect(await alice.ask("RENAME #a #B") == [":irc.test FAIL RENAME CHANNEL_NAME_IN_USE #a #B :The channel name is already taken"])
        for name in ["x", "#", "#a"] {
            #expect(await alice.ask("RENAME #a \(name)").last?.hasPrefix(":irc.test FAIL RENAME CANNOT_RENAME #a \(name) :") == true)
        }
        await alice.send("RENAME #a #c")
        #expect(await alice.ask("RENAME #c #d").last?.contains("CANNOT_RENAME #c #d :This channel has been renamed recently") == true)
        test.clock.advance(by: .seconds(60))
        await alice.send("RENAME #c #d")
        #expect(test.world.channels["#d"] != nil)
    }

    @Test func theHistoryGoesAlong() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", in: "#old")
        await alice.send("PRIVMSG #old :said before", "RENAME #old #new")
        #expect(await alice.ask("CHATHISTORY LATEST #new * 10").contains { $0.hasSuffix("PRIVMSG #new :said before") })
        let mallory = await test.join("mallory", in: "#old")
        #expect(!(await mallory.ask("CHATHISTORY LATEST #old * 10").contains { $0.contains("said before") }))
    }

    @Test func whatEverybodyHasReadGoesAlong() async throws {
        let test = try await TestWorld()
        let (ann, bob) = (try await test.logIn("ann", in: "#old"), await test.join("bob", capabilities: "draft/read-marker"))
        let time = "timestamp=2026-01-02T03:04:05.000Z"
        await bob.send("MARKREAD #old \(time)")
        await ann.send("MARKREAD #old \(time)", "RENAME #old #new")
        for client in [ann, bob] { #expect(await client.ask("MARKREAD #new").last?.hasSuffix("MARKREAD #new \(time)") == true) }
        #expect(await ann.ask("MARKREAD #old").last?.hasSuffix("MARKREAD #old *") == true)
        #expect(try await test.world.services.readMarkers.all(ofAccount: "ann").keys.sorted() == ["#new"])
    }

    @Test func nobodyOpensEitherNameMeanwhile() async throws {
        let test = try await TestWorld()
        let (alice, bob, carol) = (await test.join("alice", in: "#old"), await test.join("bob"), await test.join("carol", in: "#x"))
        alice.sendAtOnce(["PRIVMSG #old :secret", "RENAME #old #new"])
        bob.sendAtOnce(["JOIN #new"])
        carol.sendAtOnce(["RENAME #x #new"])
        await test.settle()
        #expect(carol.last?.contains("FAIL RENAME CHANNEL_NAME_IN_USE #x #new ") == true)
        // Who came meanwhile is in the channel that has the name now, and runs it no more than anybody.
        #expect(test.world.channels["#new"]?[bob.client]?.ranks.highest == nil && test.world.channels["#new"]?.members.count == 2)
        #expect(test.world.namesOnHold.isEmpty)
        await bob.send("JOIN #old")
        #expect(!(await bob.ask("CHATHISTORY LATEST #old * 10").contains { $0.contains("secret") }))
    }

    @Test func itHappensWhenWhoeverAskedIsGone() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice", in: "#old"), await test.join("bob", in: "#old"))
        alice.sendAtOnce(["PRIVMSG #old :said", "RENAME #old #new"])
        alice.disconnect()
        await test.settle()
        #expect(test.world.channels["#old"] == nil && test.world.namesOnHold.isEmpty)
        #expect(await bob.ask("CHATHISTORY LATEST #new * 10").contains { $0.hasSuffix(" PRIVMSG #new :said") })
    }

    @Test(arguments: [("", true), ("+s", false)])
    func theHistoryOfAChannelThatIsGoneStaysWhereItWas(_ modes: String, _ isReadable: Bool) async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", in: "#old")
        await alice.send("MODE #old \(modes)")
        alice.sendAtOnce(["PRIVMSG #old :said", "RENAME #old #new"])
        alice.disconnect()
        await test.settle()
        let bob = await test.join("bob", in: "#new")
        #expect(!(await bob.ask("CHATHISTORY LATEST #new * 10").contains { $0.contains("said") }))
        await bob.send("JOIN #old")
        #expect(await bob.ask("CHATHISTORY LATEST #old * 10").contains { $0.contains("said") } == isReadable)
        #expect(test.world.namesOnHold.isEmpty)
    }
}
