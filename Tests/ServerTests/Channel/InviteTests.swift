import IRCProtocol
import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct InviteTests {
    /// The channel that somebody was asked into is gone; one of the same name is another channel.
    @Test func endsWithTheChannel() async throws {
        let test = try await TestWorld()
        let (alice, bob, mallory) = (await test.join("alice", in: "#c"), await test.join("bob"), await test.join("mallory"))
        await alice.send("INVITE bob #c", "PART #c")
        await mallory.send("JOIN #c", "MODE #c +i")
        #expect(await bob.ask("INVITE") == [":irc.test 337 bob :End of /INVITE list"])
        #expect(await bob.ask("JOIN #c") == [":irc.test 473 bob #c :Cannot join channel (+i)"])
    }

    @Test func theOldestGivesWay() async throws {
        let test = try await TestWorld { $0.limits.channelsPerClient = 2 }
        let (alice, carol, bob) = (await test.join("alice", in: "#z"), await test.join("carol", in: "#y"), await test.join("bob"))
        await alice.send("JOIN #x", "INVITE bob #z")
        await carol.send("INVITE bob #y")
        await alice.send("INVITE bob #x")
        #expect(await bob.ask("INVITE") == [":irc.test 336 bob #y", ":irc.test 336 bob #x", ":irc.test 337 bob :End of /INVITE list"])
    }

    @Test func channelOperatorsHearOfItWhoAsked() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", in: "#c", capabilities: "invite-notify")
        let (bob, carol) = (await test.join("bob", in: "#c", capabilities: "invite-notify"), await test.join("carol"))
        await alice.send("MODE #c +o bob")
        bob.clear()
        await alice.send("INVITE carol #c")
        #expect(bob.last == ":\(alice.client.source) INVITE carol :#c")
        #expect(alice.all("INVITE").isEmpty)
        await alice.send("MODE #c -o bob")
        bob.clear()
        await alice.send("INVITE carol #c")
        #expect(bob.lines.isEmpty)
        #expect(carol.all("INVITE").count == 2)
    }

    @Test func anInvitationOpensOnce() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        await alice.send("JOIN #c", "MODE #c +i")
        #expect(await alice.ask("INVITE bob #c") == [":irc.test 341 alice bob #c"])
        #expect(bob.last == ":\(alice.client.source) INVITE bob :#c")
        #expect(await bob.ask("INVITE") == [":irc.test 336 bob #c", ":irc.test 337 bob :End of /INVITE list"])
        #expect(await bob.ask("JOIN #c").count == 3)
        #expect(await alice.ask("INVITE bob #c") == [":irc.test 443 alice bob #c :is already on channel"])
        await bob.send("PART #c")
        #expect(await bob.ask("JOIN #c").first?.contains(" 473 ") == true)
    }
}
