import ATProto
import Accounts
import IRCProtocol
import MainLoop
import RoostTesting
import Testing

@testable import Server

/// The channel modes and masks that decide who may enter.
@LoopActor @Suite struct JoinModeTests {
    @Test func eachHasItsNumeric() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", in: "#c")
        let bob = test.connect(secure: false)
        await bob.send("NICK bob", "USER bob 0 * :Bob")
        await alice.send("MODE #c +R")
        #expect(await bob.ask("JOIN #c") == [":irc.test 477 bob #c :Cannot join channel (+R)"])
        await alice.send("MODE #c -R+z")
        #expect(await bob.ask("JOIN #c") == [":irc.test 489 bob #c :Cannot join channel (+z)"])
        await alice.send("MODE #c -z+j 1:10")
        _ = await test.join("carol", in: "#c")
        #expect(await bob.ask("JOIN #c") == [":irc.test 480 bob #c :Cannot join channel (+j)"])
        test.clock.advance(by: .seconds(10))
        #expect(await bob.ask("JOIN #c").count == 3)
    }

    @Test func operatorsOnlyIsForOperatorsToSet() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice", in: "#c"), await test.join("bob"))
        #expect(await alice.ask("MODE #c +O").first?.contains(" 481 ") == true)
        let root = try await test.operate("root")
        await root.send("SAMODE #c +O")
        #expect(await bob.ask("JOIN #c") == [":irc.test 520 bob #c :Cannot join channel (+O)"])
        #expect(await root.ask("JOIN #c").count == 3)
    }

    @Test func whoMayNotEnterIsSentOn() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice", in: "#c"), await test.join("bob"))
        #expect(await alice.ask("MODE #c +L #other").first?.contains(" 696 alice #c L #other ") == true)
        let carol = await test.join("carol", in: "#other")
        await alice.send("JOIN #other")
        #expect(await alice.ask("MODE #c +L #other").first?.contains(" 482 alice #other ") == true)
        await carol.send("MODE #other +o alice")
        await alice.send("MODE #c +Li #other")
        let answer = await bob.ask("JOIN #c")
        #expect(answer.first == ":irc.test 470 bob #c #other :Forwarding to another channel")
        #expect(answer.dropFirst().first == ":\(bob.client.source) JOIN #other")
        #expect(await bob.ask("JOIN #c").first?.contains(" 473 ") == true)
    }

    @Test func extendedBansLookAtThePerson() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", in: "#c")
        let did = try #require(DID("did:plc:abcdefghijklmnopqrstuvwx"))
        for (mask, isCaught) in [
            ("a:\(did.text)", true), ("account:someone", false), ("d:did:plc:*", true), ("h:*.example.com", true), ("h:*.test", false),
            ("r:*spam*", true), ("realname:x", false), ("c:#bad", true), ("z:00", false), ("*!*@nowhere", false),
        ] {
            await alice.send("MODE #c +b \(mask)")
            let bob = await test.join("bob", in: "#bad")
            await bob.send("SETNAME :buy spam now")
            test.world.logIn(bob.session, as: Identity(account: did.text, did: did, handle: Handle("bob.example.com")))
            #expect(await bob.ask("JOIN #c").contains { $0.contains(" 474 ") } == isCaught, "\(mask)")
            bob.disconnect()
            await alice.send("MODE #c -b \(mask)")
        }
    }

    @Test func knocking() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice", in: "#c"), await test.join("bob"))
        #expect(await alice.ask("KNOCK #c") == [":irc.test 714 alice #c :You are on that channel already"])
        #expect(await bob.ask("KNOCK #c") == [":irc.test 713 bob #c :Channel is open, no need to knock"])
        await alice.send("MODE #c +i")
        #expect(await bob.ask("KNOCK #c") == [":irc.test 711 bob #c :Your knock has been delivered"])
        #expect(alice.last == ":irc.test 710 alice #c \(bob.client.source) :has asked for an invite")
        #expect(await bob.ask("KNOCK #c").first?.contains(" 712 ") == true)
        test.clock.advance(by: .seconds(60))
        await alice.send("MODE #c +K")
        #expect(await bob.ask("KNOCK #c") == [":irc.test 404 bob #c :Cannot knock on this channel"])
        await alice.send("MODE #c +s")
        #expect(await bob.ask("KNOCK #c") == [":irc.test 403 bob #c :No such channel"])
    }

    @Test func whatIsPermanentStays() async throws {
        let test = try await TestWorld()
        let (alice, root) = (await test.join("alice", in: "#c"), try await test.operate("root"))
        await root.send("SAMODE #c +P")
        await alice.send("TOPIC #c :still here", "PART #c")
        #expect(test.world.channels["#c"]?.topic?.text == "still here")
        #expect(await alice.ask("JOIN #c").contains(":irc.test 353 alice = #c :alice"))
        await alice.send("PART #c")
        await root.send("SAMODE #c -P")
        #expect(test.world.channels.isEmpty)
    }

    @Test func privateIsKnownButNotLookedInto() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice", in: "#c"), await test.join("bob"))
        await alice.send("MODE #c +p")
        #expect(await bob.ask("LIST").count == 2)
        #expect(await bob.ask("NAMES #c") == [":irc.test 366 bob #c :End of /NAMES list"])
        #expect(await bob.ask("WHOIS alice").allSatisfy { !$0.contains(" 319 ") })
        #expect(await bob.ask("TOPIC #c").first?.contains(" 331 ") == true)
        #expect(await alice.ask("NAMES #c").first == ":irc.test 353 alice * #c :@alice")
    }

    @Test func nicknamesStandFast() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice", in: "#c"), await test.join("bob", in: "#c"))
        await alice.send("MODE #c +N")
        #expect(await bob.ask("NICK bobby") == [":irc.test 447 bob #c :Cannot change nickname while in #c (+N)"])
        #expect(await alice.ask("NICK alicia").count == 1)
    }

    @Test func nobodyIsKicked() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice", in: "#c"), await test.join("bob", in: "#c"))
        await alice.send("MODE #c +Q")
        #expect(await alice.ask("KICK #c bob").first?.contains(" 482 ") == true)
        #expect(bob.client.channels.count == 1)
    }

    @Test func anybodyMayInvite() async throws {
        let test = try await TestWorld()
        let (alice, bob, carol) = (await test.join("alice", in: "#c"), await test.join("bob", in: "#c"), await test.join("carol"))
        await alice.send("MODE #c +i")
        #expect(await bob.ask("INVITE carol #c").first?.contains(" 482 ") == true)
        await alice.send("MODE #c +g")
        #expect(await bob.ask("INVITE carol #c").first?.contains(" 341 ") == true)
        #expect(await carol.ask("JOIN #c").count == 3)
    }

    @Test(arguments: [
        "f 0:5", "f 5", "f 5:0", "f a:b", "f 1:2:3", "j 1:99999", "W 0", "W x", "W 3601", "l 0", "l -1", "L notachannel", "L #c",
    ])
    func senselessParametersAreRefused(_ change: String) async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", in: "#c")
        let answer = await alice.ask("MODE #c +\(change)")
        #expect(answer.count == 1 && answer.first?.contains(" 696 alice #c \(change.prefix(1)) ") == true)
        #expect(await alice.ask("MODE #c").first == ":irc.test 324 alice #c +nt")
    }
}
