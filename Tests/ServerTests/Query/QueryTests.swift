import IRCProtocol
import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct QueryTests {
    @Test func whoShowsAChannelAndAPerson() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        await alice.send("JOIN #c")
        await bob.send("JOIN #c", "AWAY :x")
        let hosts = (alice.client.host, bob.client.host)
        #expect(
            await alice.ask("WHO #c") == [
                ":irc.test 352 alice #c ~alice \(hosts.0) irc.test alice H@ :0 Alice",
                ":irc.test 352 alice #c ~bob \(hosts.1) irc.test bob G :0 Bob",
                ":irc.test 315 alice #c :End of WHO list",
            ])
        #expect(await alice.ask("WHO bob").count == 2)
        #expect(await alice.ask("WHO #none") == [":irc.test 315 alice #none :End of WHO list"])
        #expect(await alice.ask("WHO *").count == 3)
        #expect(await alice.ask("WHO * o").count == 1)
    }

    @Test func whoxGivesTheFieldsAskedForInOrder() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        await alice.send("JOIN #c")
        #expect(await alice.ask("WHO #c %ncta,42").first == ":irc.test 354 alice 42 #c alice 0")
        #expect(await alice.ask("WHO #c %rn").first == ":irc.test 354 alice alice :Alice")
    }

    @Test func invisiblePeopleAreFoundByTheirFriends() async throws {
        let test = try await TestWorld()
        let (alice, bob, carol) = (await test.join("alice"), await test.join("bob"), await test.join("carol"))
        await alice.send("MODE alice +i", "JOIN #c")
        await bob.send("JOIN #c")
        #expect(await bob.ask("WHO a*").count == 2)
        #expect(await carol.ask("WHO a*").count == 1)
        #expect(await carol.ask("WHO #c").count == 2)
    }

    @Test func whoisTellsMoreToWhomItConcerns() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice", from: "198.51.100.9"), await test.join("bob"))
        await alice.send("JOIN #c,#secret", "MODE #secret +s")
        let seen = await bob.ask("WHOIS alice")
        #expect(seen.map { $0.split(separator: " ")[1] } == ["311", "319", "312", "671", "317", "318"])
        #expect(seen[1] == ":irc.test 319 bob alice :@#c")
        #expect(!seen.contains { $0.contains("198.51.100.9") })
        #expect(await alice.ask("WHOIS alice").contains { $0.contains("198.51.100.9") })
        #expect(
            await bob.ask("WHOIS nobody") == [
                ":irc.test 401 bob nobody :No such nick/channel", ":irc.test 318 bob nobody :End of /WHOIS list",
            ])
        #expect(await bob.ask("WHOIS") == [":irc.test 431 bob :No nickname given"])
        #expect(await bob.ask("WHOIS irc.other alice").first?.contains(" 402 ") == true)
    }

    @Test func whowasRemembersTheLatestFirst() async throws {
        let test = try await TestWorld()
        let bob = await test.join("bob")
        for _ in 0..<3 { await test.join("alice").send("QUIT") }
        #expect(await bob.ask("WHOWAS alice").filter { $0.contains(" 314 ") }.count == 3)
        #expect(await bob.ask("WHOWAS ALICE 1").filter { $0.contains(" 314 ") }.count == 1)
        #expect(await bob.ask("WHOWAS nobody").map { $0.split(separator: " ")[1] } == ["406", "369"])
        #expect(await bob.ask("WHOWAS").first?.contains(" 431 ") == true)
    }

    @Test func smallQuestions() async throws {
        let test = try await TestWorld { $0.admin = ["Here", "Us", "a@example.com"] }
        let alice = await test.join("alice")
        #expect(await alice.ask("ISON bob alice").last == ":irc.test 303 alice :alice")
        #expect(await alice.ask("USERHOST alice").last == ":irc.test 302 alice :alice=+~alice@192.0.2.1")
        #expect(await alice.ask("TIME").last == ":irc.test 391 alice irc.test :2026-01-01T00:00:00.000Z")
        #expect(await alice.ask("VERSION").first?.hasPrefix(":irc.test 351 alice roost-") == true)
        #expect(await alice.ask("ADMIN").map { $0.split(separator: " ")[1] } == ["256", "257", "258", "259"])
        #expect(await alice.ask("INFO").last?.contains(" 374 ") == true)
        #expect(await alice.ask("MOTD") == [":irc.test 422 alice :MOTD File is missing"])
        #expect(await alice.ask("LUSERS").map { $0.split(separator: " ")[1] } == ["251", "252", "253", "254", "255", "265", "266"])
        #expect(await alice.ask("TIME other.server").first?.contains(" 402 ") == true)
        #expect(await alice.ask("NONSENSE") == [":irc.test 421 alice NONSENSE :Unknown command"])
    }

    @Test func helpKnowsEveryCommand() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        #expect(await alice.ask("HELP").contains { $0.contains("PRIVMSG") })
        #expect(await alice.ask("HELP nonsense").first?.contains(" 524 ") == true)
        for command in test.world.commands.all {
            #expect(await alice.ask("HELP \(command.verb)").first?.contains(command.verb.text) == true)
        }
    }

    @Test func awayIsAnnouncedToThoseWhoAsked() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob", capabilities: "away-notify"))
        await alice.send("JOIN #c")
        await bob.send("JOIN #c")
        bob.clear()
        await alice.send("AWAY :gone", "AWAY :gone", "AWAY :")
        #expect(bob.lines == [":\(alice.client.source) AWAY :gone", ":\(alice.client.source) AWAY"])
    }
}
