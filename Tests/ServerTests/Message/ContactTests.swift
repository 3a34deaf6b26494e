import IRCProtocol
import MainLoop
import Testing

@testable import Server

/// Who takes private messages from whom.
@LoopActor @Suite struct ContactTests {
    private let test: TestWorld
    private let (alice, bob): (TestClient, TestClient)

    init() async throws {
        test = try await TestWorld {
            $0.limits.accept = 2
            $0.limits.silence = 2
        }
        (alice, bob) = (await test.join("alice"), await test.join("bob"))
    }

    @Test func callerIDAsksFirst() async {
        await alice.send("MODE alice +g")
        alice.clear()
        #expect(
            await bob.ask("PRIVMSG alice :hi") == [
                ":irc.test 716 bob alice :is in +g mode and must accept you first (/ACCEPT bob)",
                ":irc.test 717 bob alice :has been informed that you messaged them.",
            ])
        #expect(alice.lines.count == 1 && alice.last?.hasPrefix(":irc.test 718 alice bob \(bob.client.user)@") == true)
        #expect(await bob.ask("PRIVMSG alice :hi").count == 1)
        #expect(alice.lines.count == 1)
        #expect(await bob.ask("NOTICE alice :hi").isEmpty)
        await alice.send("ACCEPT bob")
        #expect(await bob.ask("PRIVMSG alice :hi").isEmpty)
        #expect(alice.all("PRIVMSG").count == 1)
    }

    @Test func writingFirstAccepts() async {
        await alice.send("MODE alice +R")
        #expect(await bob.ask("PRIVMSG alice :x").first?.contains(" 477 bob alice ") == true)
        await alice.send("PRIVMSG bob :hello")
        #expect(await bob.ask("PRIVMSG alice :x").isEmpty)
        #expect(await alice.ask("ACCEPT *") == [":irc.test 281 alice bob", ":irc.test 282 alice :End of /ACCEPT list"])
        await alice.send("ACCEPT -bob")
        #expect(await bob.ask("PRIVMSG alice :x").first?.contains(" 477 ") == true)
    }

    @Test func theAcceptListIsBounded() async {
        _ = await (test.join("carol"), test.join("dave"))
        #expect(await alice.ask("ACCEPT bob,carol").isEmpty)
        #expect(await alice.ask("ACCEPT dave") == [":irc.test 456 alice :Accept list is full"])
        #expect(await alice.ask("ACCEPT bob") == [":irc.test 457 alice bob :is already on your accept list"])
        #expect(await alice.ask("ACCEPT -dave") == [":irc.test 458 alice dave :is not on your accept list"])
        #expect(await alice.ask("ACCEPT nobody") == [":irc.test 401 alice nobody :No such nick/channel"])
    }

    /// Whoever takes the nickname of somebody accepted is somebody else.
    @Test func acceptedIsThePersonNotTheName() async {
        await alice.send("MODE alice +R", "ACCEPT bob")
        bob.disconnect()
        let other = await test.join("bob")
        #expect(await other.ask("PRIVMSG alice :x").first?.contains(" 477 ") == true)
    }

    @Test func whoIsSilencedDoesNotLearnIt() async {
        #expect(await alice.ask("SILENCE +bob!*@*") == [":\(alice.client.source) SILENCE +bob!*@*"])
        #expect(await bob.ask("PRIVMSG alice :x").isEmpty)
        #expect(await alice.ask("SILENCE") == [":irc.test 271 alice alice bob!*@*", ":irc.test 272 alice :End of /SILENCE list"])
        await alice.send("SILENCE +x!*@*")
        #expect(await alice.ask("SILENCE +y!*@*") == [":irc.test 511 alice y!*@* :Your silence list is full"])
        #expect(await alice.ask("SILENCE -bob!*@*") == [":\(alice.client.source) SILENCE -bob!*@*"])
        alice.clear()
        await bob.send("PRIVMSG alice :x")
        #expect(alice.all("PRIVMSG").count == 1)
    }

    @Test func invitationsOfTheSilencedVanish() async {
        await alice.send("SILENCE +bob!*@*")
        await bob.send("JOIN #c")
        alice.clear()
        #expect(await bob.ask("INVITE alice #c").first?.contains(" 341 ") == true)
        #expect(alice.lines.isEmpty)
    }

    @Test func noCTCPButAction() async {
        #expect(await alice.ask("MODE alice +T") == [":\(alice.client.source) MODE alice :+T"])
        alice.clear()
        await bob.send("PRIVMSG alice :\u{1}VERSION\u{1}", "PRIVMSG alice :\u{1}ACTION waves\u{1}", "PRIVMSG alice :x")
        #expect(alice.all("PRIVMSG").count == 2)
    }

    @Test func onlyOverSecureConnections() async {
        let carol = test.connect(secure: false)
        await carol.send("NICK carol", "USER c 0 * :C")
        await alice.send("MODE alice +Z")
        #expect(await carol.ask("PRIVMSG alice :x").first?.contains(" 531 carol alice ") == true)
        #expect(await bob.ask("PRIVMSG alice :x").isEmpty)
    }
}
