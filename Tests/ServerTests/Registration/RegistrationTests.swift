import IRCProtocol
import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct RegistrationTests {
    @Test func greetsInOrder() async throws {
        let test = try await TestWorld { $0.motd = ["hello"] }
        let client = test.connect()
        await client.send("NICK alice", "USER alice 0 * :Alice")
        let numerics = client.lines.map { $0.split(separator: " ")[1] }
        #expect(numerics.prefix(4) == ["001", "002", "003", "004"])
        #expect(numerics.drop { $0 != "005" }.drop { $0 == "005" }.first == "251")
        #expect(numerics.suffix(4) == ["375", "372", "376", "221"])
        #expect(client.lines.allSatisfy { $0.hasPrefix(":irc.test ") && $0.utf8.count <= 510 })
        #expect(client.lines.filter { $0.contains(" 005 ") }.allSatisfy { $0.split(separator: " ").count <= 3 + 13 + 5 })
    }

    @Test func userMayComeFirstAndCapHoldsTheGreetingBack() async throws {
        let test = try await TestWorld()
        let client = test.connect()
        await client.send("CAP LS 302", "USER a 0 * :A", "NICK alice")
        #expect(client.all("001").isEmpty)
        await client.send("CAP END")
        #expect(client.all("001").count == 1)
    }

    @Test func capNotifyStaysWithVersion302() async throws {
        let test = try await TestWorld()
        let client = test.connect()
        await client.send("CAP LS 302")
        #expect(await client.ask("CAP REQ :-cap-notify") == [":irc.test CAP * NAK :-cap-notify"])
    }

    @Test func aReservedNicknameIsFreeAgainWhenItsConnectionGoes() async throws {
        let test = try await TestWorld()
        let first = test.connect()
        await first.send("NICK alice")
        let second = test.connect()
        #expect(await second.ask("NICK alice").first?.contains(" 433 ") == true)
        first.disconnect()
        #expect(await second.ask("NICK alice").isEmpty)
    }

    @Test func registeringTwiceIsRefused() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        #expect(await alice.ask("USER a 0 * :A") == [":irc.test 462 alice :You may not reregister"])
        #expect(await alice.ask("PASS x") == [":irc.test 462 alice :You may not reregister"])
    }

    @Test func aNickChangeIsSeenByPeersOnce() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        await alice.send("JOIN #a,#b")
        await bob.send("JOIN #a,#b")
        bob.clear()
        await alice.send("NICK Carol")
        #expect(bob.lines == [":alice!~alice@\(alice.client.host) NICK :Carol"])
        #expect(await bob.ask("ISON alice carol") == [":irc.test 303 bob :Carol"])
    }

    @Test func whoDoesNotAnswerAPingIsGone() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        await alice.send("JOIN #c")
        await bob.send("JOIN #c")
        await test.advance(seconds: 122)
        #expect(alice.all("PING").count == 1)
        await bob.send("PONG irc.test")
        await test.advance(seconds: 61)
        #expect(alice.isClosed && !bob.isClosed)
        #expect(bob.all("QUIT").first?.contains("Ping timeout") == true)
    }

    @Test func quitIsToldToThoseWhoShareAChannel() async throws {
        let test = try await TestWorld()
        let (alice, bob, carol) = (await test.join("alice"), await test.join("bob"), await test.join("carol"))
        await alice.send("JOIN #c")
        await bob.send("JOIN #c")
        await alice.send("QUIT :see you")
        #expect(alice.last == "ERROR :Closing link: 192.0.2.1 (Quit: see you)")
        #expect(bob.last?.hasSuffix("QUIT :Quit: see you") == true)
        #expect(carol.all("QUIT").isEmpty)
        #expect(await test.join("alice").nick == "alice")
    }

    @Test func shutdownSaysGoodbyeAndRefusesNewcomers() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        test.world.shutdown(reason: "Server is restarting")
        #expect(alice.last == "ERROR :Closing link: 192.0.2.1 (Server is restarting)")
        #expect(alice.isClosed)
        #expect(test.connect().isClosed)
    }

    @Test func everybodyBeginsWithTheModesOfTheServer() async throws {
        let test = try await TestWorld { $0.defaultUserModes = "iwoH" }
        let ann = await test.join("ann")
        #expect(ann.client.modes.text == "+iw")
    }
}
