import IRCProtocol
import MainLoop
import RoostTesting
import Testing

@testable import Server

@LoopActor @Suite struct WhoTests {
    @Test func flagsShowPresenceOperatorAndRanks() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob", capabilities: "multi-prefix"))
        await alice.send("JOIN #c", "MODE #c +v alice", "AWAY :x")
        alice.client.modes.set(.oper, true)
        func flags(_ client: TestClient, _ target: String) async -> Substring? {
            await client.ask("WHO \(target)").first?.split(separator: " ")[8]
        }
        #expect(await flags(alice, "#c") == "G*@")
        #expect(await flags(bob, "#c") == "G*@+")
        #expect(await flags(bob, "alice") == "G*")
        #expect(await flags(alice, "bob") == "H")
    }

    @Test func everyFieldOfWhoxStandsAlone() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob", from: "198.51.100.9"))
        await alice.send("JOIN #c")
        await bob.send("JOIN #c")
        test.clock.advance(by: .seconds(7))
        let host = bob.client.host
        let fields = [
            "t": "0", "c": "#c", "u": "~bob", "i": "255.255.255.255", "h": host, "s": "irc.test", "n": "bob", "f": "H", "d": "0", "l": "7",
            "a": "0", "o": "n/a", "r": ":Bob",
        ]
        for (letter, value) in fields {
            #expect(await alice.ask("WHO #c %\(letter)")[1] == ":irc.test 354 alice \(value)", "\(letter)")
        }
        let all = ":irc.test 354 alice 123 #c ~bob 255.255.255.255 \(host) irc.test bob H 0 7 0 n/a :Bob"
        #expect(await alice.ask("WHO #c %tcuihsnfdlaor,123")[1] == all)
        #expect(await alice.ask("WHO #c %roalfdnhsiuct,123")[1] == all)
    }

    @Test func addressesAreForOneselfAndOperators() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob", from: "198.51.100.9"))
        #expect(await bob.ask("WHO bob %i").first == ":irc.test 354 bob 198.51.100.9")
        #expect(await alice.ask("WHO bob %i").first == ":irc.test 354 alice 255.255.255.255")
        alice.client.modes.set(.oper, true)
        #expect(await alice.ask("WHO bob %i").first == ":irc.test 354 alice 198.51.100.9")
    }

    @Test func accountsAreShown() async throws {
        let test = try await TestWorld()
        try await test.addAccount("ann", password: "secret")
        let ann = await test.join("nick")
        await ann.send("AUTHENTICATE PLAIN", "AUTHENTICATE AGFubgBzZWNyZXQ=")
        #expect(await ann.ask("WHO nick %na").first == ":irc.test 354 nick nick ann")
    }

    @Test(arguments: [("%tn,1", "1"), ("%tn,12345", "0"), ("%tn,x", "0"), ("%tn", "0"), ("%tn,", "0"), ("o%tn,7", nil)])
    func theTokenIsOneToThreeDigits(_ options: String, _ token: String?) async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        let expected = token.map { [":irc.test 354 alice \($0) alice"] } ?? []
        #expect(await alice.ask("WHO alice \(options)") == expected + [":irc.test 315 alice alice :End of WHO list"])
    }

    @Test func masksLookAtEverythingThatIsShown() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        let bob = test.connect()
        await bob.send("NICK bob", "USER uuu 0 * :Robert Real")
        for mask in ["B?B", "~uuu", "*Real", bob.client.host, "bob!*@*", "b*b"] {
            #expect(await alice.ask("WHO \(mask)").filter { $0.contains(" bob H :0 Robert Real") }.count == 1, "\(mask)")
        }
        #expect(await alice.ask("WHO 198.51.100.*").count == 1)
        #expect(await alice.ask("WHO 0").count == 3)
        #expect(await alice.ask("WHO").count == 3)
    }

    @Test func anExactNameFindsAlsoTheInvisible() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        await bob.send("MODE bob +i")
        #expect(await alice.ask("WHO BOB").count == 2)
        #expect(await alice.ask("WHO bo*") == [":irc.test 315 alice bo* :End of WHO list"])
    }

    @Test func secretChannelsAreNotShownToStrangers() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        await alice.send("JOIN #c", "MODE #c +s")
        #expect(await bob.ask("WHO #c") == [":irc.test 315 bob #c :End of WHO list"])
        bob.client.modes.set(.oper, true)
        #expect(await bob.ask("WHO #c").count == 2)
    }

    @Test func anAnswerIsBounded() async throws {
        let test = try await TestWorld { $0.limits.connectionsPerAddress = 2000 }
        for number in 0..<1005 {
            let client = test.connect()
            client.sendAtOnce(["NICK n\(number)", "USER n 0 * :N"])
        }
        await test.settle()
        let alice = await test.join("alice")
        #expect(await alice.ask("WHO n*").count == 1001)
        #expect(!alice.isClosed)
    }

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

    @Test func invisiblePeopleAreFoundByTheirFriends() async throws {
        let test = try await TestWorld()
        let (alice, bob, carol) = (await test.join("alice"), await test.join("bob"), await test.join("carol"))
        await alice.send("MODE alice +i", "JOIN #c")
        await bob.send("JOIN #c")
        #expect(await bob.ask("WHO a*").count == 2)
        #expect(await carol.ask("WHO a*").count == 1)
        #expect(await carol.ask("WHO #c").count == 2)
    }
}
