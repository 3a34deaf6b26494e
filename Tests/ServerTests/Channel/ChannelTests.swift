import IRCProtocol
import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct ChannelTests {
    @Test func theFirstOneRunsTheChannel() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        #expect(
            await alice.ask("JOIN #c") == [
                ":\(alice.client.source) JOIN #c", ":irc.test 353 alice = #c :@alice", ":irc.test 366 alice #c :End of /NAMES list",
            ])
        #expect(await alice.ask("MODE #c").first == ":irc.test 324 alice #c +nt")
    }

    @Test func joinRefusalsHaveTheirNumerics() async throws {
        let test = try await TestWorld { $0.limits.channelsPerClient = 2 }
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        await alice.send("JOIN #c")
        #expect(await bob.ask("JOIN c") == [":irc.test 403 bob c :No such channel"])
        await alice.send("MODE #c +k key")
        #expect(await bob.ask("JOIN #c wrong") == [":irc.test 475 bob #c :Cannot join channel (+k)"])
        await alice.send("MODE #c -k", "MODE #c +i")
        #expect(await bob.ask("JOIN #c") == [":irc.test 473 bob #c :Cannot join channel (+i)"])
        await alice.send("MODE #c -i", "MODE #c +l 1")
        #expect(await bob.ask("JOIN #c") == [":irc.test 471 bob #c :Cannot join channel (+l)"])
        await alice.send("MODE #c -l", "MODE #c +b bob")
        #expect(await bob.ask("JOIN #c") == [":irc.test 474 bob #c :Cannot join channel (+b)"])
        await alice.send("MODE #c +e bob")
        #expect(await bob.ask("JOIN #c").count == 3)
        await bob.send("JOIN #d")
        #expect(await bob.ask("JOIN #e") == [":irc.test 405 bob #e :You have joined too many channels"])
        #expect(await bob.ask("JOIN") == [":irc.test 461 bob JOIN :Not enough parameters"])
    }

    @Test func extendedJoinTellsAccountAndName() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice", capabilities: "extended-join"), await test.join("bob"))
        await alice.send("JOIN #c")
        await bob.send("JOIN #c")
        #expect(alice.last == ":\(bob.client.source) JOIN #c * :Bob")
    }

    @Test func partAndJoinZero() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        await alice.send("JOIN #a,#b")
        await bob.send("JOIN #a")
        #expect(await alice.ask("PART #a :bye") == [":\(alice.client.source) PART #a :bye"])
        #expect(bob.last == ":\(alice.client.source) PART #a :bye")
        #expect(await alice.ask("PART #a") == [":irc.test 442 alice #a :You're not on that channel"])
        #expect(await alice.ask("PART #none") == [":irc.test 403 alice #none :No such channel"])
        #expect(await alice.ask("JOIN 0") == [":\(alice.client.source) PART #b"])
        #expect(alice.client.channels.isEmpty)
    }

    @Test func topicsAreSetShownAndCleared() async throws {
        let test = try await TestWorld { $0.limits.topic = 5 }
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        await alice.send("JOIN #c")
        #expect(await alice.ask("TOPIC #c") == [":irc.test 331 alice #c :No topic is set"])
        #expect(await alice.ask("TOPIC #c :héllo there") == [":\(alice.client.source) TOPIC #c :héll"])
        await bob.send("JOIN #c")
        #expect(bob.all("332") == [":irc.test 332 bob #c :héll"])
        #expect(bob.all("333").count == 1)
        #expect(await bob.ask("TOPIC #c :mine") == [":irc.test 482 bob #c :You're not a channel operator"])
        await alice.send("TOPIC #c :")
        #expect(await bob.ask("TOPIC #c") == [":irc.test 331 bob #c :No topic is set"])
    }

    @Test func kicksAreJudgedByRank() async throws {
        let test = try await TestWorld()
        let (alice, bob, carol) = (await test.join("alice"), await test.join("bob"), await test.join("carol"))
        for client in [alice, bob, carol] { await client.send("JOIN #c") }
        #expect(await bob.ask("KICK #c carol") == [":irc.test 482 bob #c :You're not a channel operator"])
        await alice.send("MODE #c +h bob")
        #expect(await bob.ask("KICK #c alice") == [":irc.test 482 bob #c :You're not a channel operator"])
        #expect(await bob.ask("KICK #c carol :out") == [":\(bob.client.source) KICK #c carol :out"])
        #expect(carol.client.channels.isEmpty)
        #expect(await alice.ask("KICK #c carol") == [":irc.test 441 alice carol #c :They aren't on that channel"])
        #expect(
            await alice.ask("KICK #c nobody,bob") == [
                ":irc.test 401 alice nobody :No such nick/channel", ":\(alice.client.source) KICK #c bob :alice",
            ])
    }

    @Test func kicksGoInPairs() async throws {
        let test = try await TestWorld()
        let (alice, bob, carol) = (await test.join("alice", in: "#a"), await test.join("bob", in: "#a"), await test.join("carol"))
        await alice.send("JOIN #b")
        await carol.send("JOIN #b")
        #expect(
            await alice.ask("KICK #a,#b bob,carol :out") == [
                ":\(alice.client.source) KICK #a bob :out", ":\(alice.client.source) KICK #b carol :out",
            ])
        #expect(bob.client.channels.isEmpty && carol.client.channels.isEmpty)
        #expect(await alice.ask("KICK #a,#b bob") == [":irc.test 461 alice KICK :Not enough parameters"])
        #expect(await alice.ask("KICK #a alice,bob").last == ":irc.test 403 alice #a :No such channel")
    }

    @Test func namesHideWhatIsSecret() async throws {
        let test = try await TestWorld()
        let (alice, bob, carol) = (
            await test.join("alice"), await test.join("bob", capabilities: "userhost-in-names"), await test.join("carol")
        )
        await alice.send("JOIN #c", "MODE alice +i")
        await bob.send("JOIN #c")
        #expect(bob.all("353").first?.contains("@alice!~alice@") == true)
        #expect(await carol.ask("NAMES #c").first == ":irc.test 353 carol = #c :bob")
        await alice.send("MODE #c +s")
        #expect(await carol.ask("NAMES #c") == [":irc.test 366 carol #c :End of /NAMES list"])
        #expect(await carol.ask("LIST").count == 2)
        #expect(await carol.ask("TOPIC #c") == [":irc.test 403 carol #c :No such channel"])
        #expect(await alice.ask("NAMES #c").first?.contains(" @ #c ") == true)
    }

    /// Whatever happens, a channel knows exactly the members that know it.
    @Test(arguments: 1...4 as ClosedRange<UInt64>) func membershipStaysConsistent(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let test = try await TestWorld()
        var clients: [TestClient] = []
        for number in 0..<12 { clients.append(await test.join("n\(number)")) }
        let channels = ["#a", "#b", "#c"]
        for _ in 0..<200 {
            let (client, channel) = (random.pick(clients), random.pick(channels))
            switch Int.random(in: 0..<5, using: &random) {
            case 0, 1: client.sendAtOnce(["JOIN \(channel)"])
            case 2: client.sendAtOnce(["PART \(channel)"])
            case 3: client.sendAtOnce(["KICK \(channel) n\(Int.random(in: 0..<12, using: &random))"])
            default: client.sendAtOnce(["MODE \(channel) +o n\(Int.random(in: 0..<12, using: &random))"])
            }
            let isConsistent = test.world.channels.values.allSatisfy { channel in
                !channel.isEmpty
                    && channel.members.allSatisfy {
                        channel[$0.client]?.client === $0.client && $0.client.channels[channel.name.folded] === channel
                    }
            }
            #expect(isConsistent)
        }
        for client in clients { client.disconnect() }
        #expect(test.world.channels.isEmpty && test.world.clients.isEmpty && test.world.nicknames.isEmpty)
    }
}
