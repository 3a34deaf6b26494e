import IRCProtocol
import MainLoop
import Testing

@testable import Server

/// Capabilities that change one small thing.
@LoopActor @Suite struct DraftCapTests {
    @Test(arguments: ["no-implicit-names", "draft/no-implicit-names"])
    func namesComeOnlyWhenAsked(_ name: String) async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", capabilities: name)
        await alice.send("JOIN #c")
        #expect(alice.all("JOIN").count == 1 && alice.all("353").isEmpty && alice.all("366").isEmpty)
        #expect(await alice.ask("NAMES #c").count == 2)
    }

    @Test func awayMayBeSaidBeforeTheGreeting() async throws {
        let test = try await TestWorld()
        let alice = test.connect()
        #expect(await alice.ask("AWAY :x") == [":irc.test 451 * :You have not registered"])
        await alice.send("CAP REQ draft/pre-away")
        #expect(await alice.ask("AWAY *") == [":irc.test 306 * :You have been marked as being away"])
        await alice.send("NICK alice", "USER a 0 * :A", "CAP END")
        let bob = await test.join("bob")
        #expect(await bob.ask("PRIVMSG alice :x") == [":irc.test 301 bob alice :*"])
    }

    @Test func theOwnSourceIsToldToThoseWhoAsk() async throws {
        let test = try await TestWorld()
        let alice = test.connect()
        await alice.send("CAP REQ draft/whoami", "NICK alice", "USER a 0 * :Alice A", "CAP END")
        #expect(alice.all("SETNAME") == [":\(alice.client.source) SETNAME :Alice A"])
        let bob = test.connect()
        await bob.send("NICK bob", "USER b 0 * :B")
        #expect(bob.all("SETNAME").isEmpty)
    }

    @Test func operatorsAreTaggedForThoseWhoAskUnlessTheyHide() async throws {
        let test = try await TestWorld()
        let boss = try await test.operate("boss", in: "#c")
        let alice = await test.join("alice", in: "#c", capabilities: "draft/oper-tag")
        await boss.send("PRIVMSG #c :x")
        #expect(alice.lines == ["@draft/oper :\(boss.client.source) PRIVMSG #c :x"])
        await boss.send("MODE boss +H")
        alice.clear()
        await boss.send("PRIVMSG #c :x")
        #expect(alice.lines == [":\(boss.client.source) PRIVMSG #c :x"])
    }

    @Test func stsIsForThePolicyOfEachTransport() async throws {
        let test = try await TestWorld { $0.strictTransport = .init(port: 6697, duration: 60) }
        let (plain, secure) = (test.connect(secure: false), test.connect())
        #expect(await plain.ask("CAP LS 302").joined().contains(" :sts=port=6697,duration=60 "))
        #expect(await secure.ask("CAP LS 302").joined().contains(" :sts=duration=60 "))
        #expect(await plain.ask("CAP REQ sts") == [":irc.test CAP * NAK :sts"])
        let other = test.connect()
        #expect(await other.ask("CAP LS 301").joined().contains("sts=") == false)
    }
}
