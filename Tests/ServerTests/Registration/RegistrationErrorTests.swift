import Accounts
import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct RegistrationErrorTests {
    @Test func userNeedsANameAndARealName() async throws {
        let test = try await TestWorld()
        let client = test.connect()
        await client.send("NICK alice")
        #expect(await client.ask("USER") == [":irc.test 461 alice USER :Not enough parameters"])
        #expect(await client.ask("USER a 0 * :") == [":irc.test 461 alice USER :Not enough parameters"])
        #expect(await client.ask("USER 🪺🪺 0 * :Alice").first?.contains(" 468 alice ") == true)
        #expect(await client.ask("USER al🪺ice 0 * :Alice").first?.hasSuffix("Network alice!~alice@\(client.client.host)") == true)
    }

    @Test func userNamesAndRealNamesAreCut() async throws {
        let test = try await TestWorld { ($0.limits.user, $0.limits.realname) = (5, 7) }
        let client = test.connect()
        await client.send("NICK alice", "USER longname 0 * :Zoë Zoë")
        #expect(client.client.user == "~longn")
        #expect(client.client.realname == "Zoë Zo")
    }

    @Test func userComesOnce() async throws {
        let test = try await TestWorld()
        let client = test.connect()
        await client.send("USER a 0 * :A")
        #expect(await client.ask("USER b 0 * :B") == [":irc.test 462 * :You may not reregister"])
    }

    @Test(arguments: ["NICK", "NICK :"])
    func aNicknameMustBeGiven(_ line: String) async throws {
        let test = try await TestWorld()
        #expect(await test.connect().ask(line) == [":irc.test 431 * :No nickname given"])
        #expect(await test.join("alice").ask(line) == [":irc.test 431 alice :No nickname given"])
    }

    @Test func refusedNicknamesChangeNothing() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        #expect(await alice.ask("NICK *") == [":irc.test 432 alice * :Erroneous nickname"])
        #expect(await alice.ask("NICK :a b") == [":irc.test 432 alice * :Erroneous nickname"])
        #expect(await alice.ask("NICK Bob") == [":irc.test 433 alice Bob :Nickname is already in use"])
        #expect(await bob.ask("PRIVMSG alice :x").isEmpty && alice.lines.last?.hasSuffix("PRIVMSG alice :x") == true)
        #expect(await alice.ask("NICK alice").isEmpty)
        #expect(await alice.ask("NICK ALICE") == [":alice!~alice@\(alice.client.host) NICK :ALICE"])
    }

    @Test func oneOfTwoGetsTheNickname() async throws {
        let test = try await TestWorld()
        let (first, second) = (test.connect(), test.connect())
        for client in [first, second] { client.sendAtOnce(["NICK alice", "USER a 0 * :A"]) }
        await test.settle()
        #expect(first.all("001").count == 1 && second.all("001").isEmpty)
        #expect(second.lines == [":irc.test 433 * alice :Nickname is already in use"])
        #expect(await second.ask("NICK bob").first?.contains(" 001 bob ") == true)
    }

    @Test func nothingElseWorksBeforeTheEnd() async throws {
        let test = try await TestWorld()
        let client = test.connect()
        for line in ["JOIN #c", "PRIVMSG a :b", "WHOIS a", "NONSENSE", "MODE a", "OPER a b"] {
            #expect(await client.ask(line) == [":irc.test 451 * :You have not registered"], "\(line)")
        }
        #expect(await client.ask("PING abc") == [":irc.test PONG irc.test :abc"])
        #expect(await client.ask("PING") == [":irc.test 461 * PING :Not enough parameters"])
        #expect(await client.ask("PONG x").isEmpty)
        #expect(await client.ask("PASS secret").isEmpty)
        #expect(await client.ask("PASS") == [":irc.test 461 * PASS :Not enough parameters"])
        #expect(await client.ask("ERROR :x").isEmpty)
    }

    @Test func quittingEarlyIsAnsweredAndToldToNobody() async throws {
        let test = try await TestWorld()
        let client = test.connect()
        await client.send("QUIT :chkport")
        #expect(client.isClosed && client.lines == ["ERROR :Closing link: 192.0.2.1 (Quit: chkport)"])
        #expect(test.world.clients.isEmpty && test.world.clients.count == 0)
        #expect(await test.join("alice").ask("QUIT").last == "ERROR :Closing link: 192.0.2.1 (Client quit)")
    }

    @Test func commandsMayBeInLowerCase() async throws {
        let test = try await TestWorld()
        let client = test.connect()
        await client.send("nick alice", "uSeR a 0 * :A")
        #expect(client.all("001").count == 1)
        #expect(await client.ask("nonsense") == [":irc.test 421 alice NONSENSE :Unknown command"])
        #expect(await client.ask(":x :y z") == [":irc.test 421 alice * :Unknown command"])
    }

    @Test func emptyLinesAreIgnored() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        for line in ["", " ", ":x", "@a", "@a "] { #expect(await alice.ask(line).isEmpty) }
    }

    @Test func setNameIsToldToThoseWhoAsked() async throws {
        let test = try await TestWorld { $0.limits.realname = 10 }
        let alice = await test.join("alice")
        let (bob, carol) = (await test.join("bob", capabilities: "setname"), await test.join("carol"))
        for client in [alice, bob, carol] { await client.send("JOIN #c") }
        bob.clear()
        carol.clear()
        #expect(await alice.ask("SETNAME :New Name") == [":\(alice.client.source) SETNAME :New Name"])
        #expect(bob.lines == [":\(alice.client.source) SETNAME :New Name"] && carol.lines.isEmpty)
        for line in ["SETNAME :", "SETNAME :12345678901"] {
            #expect(await alice.ask(line) == [":irc.test FAIL SETNAME INVALID_REALNAME :The real name must have 1 to 10 bytes"])
        }
        #expect(await bob.ask("WHOIS alice").first?.hasSuffix(":New Name") == true)
    }

    @Test func thePasswordOfTheServerIsNeeded() async throws {
        let hash = try await PasswordHasher(cost: .test).hash("open sesame")
        let test = try await TestWorld { $0.passwordHash = hash }
        let right = test.connect()
        await right.send("PASS :open sesame", "NICK alice", "USER a 0 * :A")
        #expect(right.all("001").count == 1)
        let wrong = test.connect()
        await wrong.send("PASS nothing", "NICK bob", "USER b 0 * :B")
        #expect(wrong.lines == [":irc.test 464 * :Password incorrect", "ERROR :Closing link: 192.0.2.1 (Bad password)"])
        let none = test.connect()
        await none.send("NICK carol", "USER c 0 * :C", "PASS :open sesame")
        #expect(none.all("464").count == 1 && none.all("001").isEmpty && none.isClosed)
    }
}
