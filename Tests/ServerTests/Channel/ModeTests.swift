import IRCProtocol
import MainLoop
import RoostTesting
import Testing

@testable import Server

@LoopActor @Suite struct ModeTests {
    @Test func onlyRealChangesAreAnnounced() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        await alice.send("JOIN #c")
        await bob.send("JOIN #c")
        #expect(await alice.ask("MODE #c +mo-n+t bob") == [":\(alice.client.source) MODE #c +mo-n bob"])
        #expect(await alice.ask("MODE #c +m").isEmpty)
        #expect(await alice.ask("MODE #c +l 5") == [":\(alice.client.source) MODE #c +l 5"])
        #expect(await alice.ask("MODE #c").first == ":irc.test 324 alice #c +mtl 5")
    }

    @Test func mistakesHaveTheirNumerics() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        await alice.send("JOIN #c")
        #expect(await bob.ask("MODE #c +m") == [":irc.test 442 bob #c :You're not on that channel"])
        #expect(await bob.ask("MODE #none") == [":irc.test 403 bob #none :No such channel"])
        await bob.send("JOIN #c")
        #expect(await bob.ask("MODE #c +mis") == [":irc.test 482 bob #c :You're not a channel operator"])
        #expect(await alice.ask("MODE #c +Z") == [":irc.test 472 alice Z :is unknown mode char to me"])
        #expect(await alice.ask("MODE #c +o nobody") == [":irc.test 401 alice nobody :No such nick/channel"])
        #expect(await alice.ask("MODE #c +l none") == [":irc.test 696 alice #c l none :The limit must be a number above zero"])
        #expect(await alice.ask("MODE #c +k :a b") == [":irc.test 525 alice #c :Key is not well-formed"])
        #expect(await alice.ask("MODE bob +i") == [":irc.test 502 alice :Can't change mode for other users"])
        #expect(await alice.ask("MODE alice +Y") == [":irc.test 501 alice :Unknown MODE flag"])
    }

    @Test func listsAreShownAndBounded() async throws {
        let test = try await TestWorld { $0.limits.listEntries = 2 }
        let alice = await test.join("alice")
        await alice.send("JOIN #c", "MODE #c +b x", "MODE #c +e y!*@*")
        let now = test.clock.wallMilliseconds / 1000
        #expect(
            await alice.ask("MODE #c b") == [
                ":irc.test 367 alice #c x!*@* \(alice.client.source) \(now)", ":irc.test 368 alice #c :End of channel ban list",
            ])
        #expect(await alice.ask("MODE #c I") == [":irc.test 347 alice #c :End of channel invite exception list"])
        #expect(await alice.ask("MODE #c +b z") == [":irc.test 478 alice #c b :Channel list is full"])
        #expect(await alice.ask("MODE #c -b X") == [":\(alice.client.source) MODE #c -b x!*@*"])
    }

    @Test func theKeyIsForThoseInside() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        await alice.send("JOIN #c", "MODE #c +k hush")
        #expect(await bob.ask("MODE #c").first == ":irc.test 324 bob #c +ntk *")
        #expect(await alice.ask("MODE #c").first == ":irc.test 324 alice #c +ntk hush")
        #expect(await bob.ask("JOIN #c hush").count == 3)
    }

    @Test func nobodyBringsDownWhoStandsAbove() async throws {
        let test = try await TestWorld()
        let (ann, bob) = (await test.join("ann", in: "#c"), await test.join("bob", in: "#c"))
        _ = test.world.channels["#c"]?.setRank(.founder, true, of: ann.client)
        await ann.send("MODE #c +o bob")
        #expect(await bob.ask("MODE #c -o ann") == [":irc.test 482 bob #c :You're not a channel operator"])
        #expect(await bob.ask("MODE #c +q bob") == [":irc.test 482 bob #c :You're not a channel operator"])
        #expect(await bob.ask("MODE #c -o bob") == [":\(bob.client.source) MODE #c -o bob"])
    }

    /// No string of letters breaks anything, and what is announced fits a line.
    @Test(arguments: 1...5 as ClosedRange<UInt64>) func survivesAnyLetters(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let test = try await TestWorld()
        let alice = await test.join("alice")
        await alice.send("JOIN #c")
        let letters = Array("+-ovhaqbeIklimnstZ?")
        for _ in 0..<100 {
            let modes = String((0..<Int.random(in: 1..<20, using: &random)).map { _ in random.pick(letters) })
            let parameters = (0..<Int.random(in: 0..<6, using: &random)).map { _ in random.pick(["alice", "x!y@z", "5", "key", "nobody"]) }
            let answer = await alice.ask("MODE #c \(modes) \(parameters.joined(separator: " "))")
            #expect(answer.allSatisfy { $0.utf8.count <= 510 })
        }
    }
}
