import Accounts
import Foundation
import IRCProtocol
import MainLoop
import Testing

@testable import Server

/// Several connections of one person.
@LoopActor @Suite struct SessionsTests {
    private let test: TestWorld
    private let first: TestClient

    init() async throws {
        test = try await TestWorld { $0.limits.sessions = 3 }
        try await test.addAccount("ann", password: "secret")
        first = test.connect()
        await logIn(first)
        await first.send("JOIN #c")
        first.clear()
    }

    private func logIn(_ client: TestClient, as nick: String = "ann", capabilities: String = "") async {
        await client.send(
            "CAP REQ :sasl \(capabilities)", "NICK \(nick)", "USER other 0 * :Other", "AUTHENTICATE PLAIN",
            "AUTHENTICATE \(Data("\0ann\0secret".utf8).base64EncodedString())", "CAP END")
    }

    private func second(capabilities: String = "") async -> TestClient {
        let client = test.connect()
        await logIn(client, capabilities: capabilities)
        return client
    }

    @Test func theSecondOneJoinsTheFirst() async {
        let second = await second(capabilities: "extended-join")
        #expect(second.client === first.client)
        #expect(second.all("001").count == 1)
        #expect(
            second.lines.suffix(3) == [
                ":\(first.client.source) JOIN #c ann :Other", ":irc.test 353 ann = #c :@ann", ":irc.test 366 ann #c :End of /NAMES list",
            ])
        #expect(first.lines.isEmpty)
        #expect(test.world.clients.count == 1 && test.world.sessions.count == 2)
    }

    @Test func bothHearAndSpeak() async {
        let (second, bob) = (await second(), await test.join("bob", in: "#c"))
        for client in [first, second] { client.clear() }
        await bob.send("PRIVMSG #c :to the channel", "PRIVMSG ann :to you")
        #expect(first.lines == second.lines && first.lines.count == 2)
        for client in [first, second, bob] { client.clear() }
        await second.send("PRIVMSG #c :from me", "PRIVMSG bob :to bob")
        #expect(first.lines == [":\(first.client.source) PRIVMSG #c :from me", ":\(first.client.source) PRIVMSG bob :to bob"])
        #expect(second.lines.isEmpty && bob.lines == first.lines)
    }

    @Test func whatOneDoesTheOtherSees() async {
        let second = await second()
        for client in [first, second] { client.clear() }
        await second.send("JOIN #d", "NICK anna", "PART #c :bye", "MODE anna +i")
        #expect(first.lines == second.lines)
        #expect(first.lines.count == 6)
        #expect(await second.ask("PING x").count == 1)
        #expect(first.lines.count == 6)
    }

    @Test func onlyTheLastGoodbyeIsSeen() async {
        let (second, bob) = (await second(), await test.join("bob", in: "#c"))
        bob.clear()
        await second.send("QUIT :one")
        #expect(bob.lines.isEmpty && second.isClosed && !first.isClosed)
        #expect(second.all("QUIT").count == 1 && first.all("QUIT").isEmpty)
        await first.send("QUIT :two")
        #expect(bob.all("QUIT").count == 1)
        #expect(test.world.clients.count == 1)
    }

    @Test func killEndsThemAll() async throws {
        let (second, root) = (await second(), try await test.operate("root"))
        await root.send("KILL ann :enough")
        #expect(first.isClosed && second.isClosed)
        #expect(test.world.clients.count == 1 && test.world.nicknames["ann"] == nil)
    }

    @Test func whoDoesNotWantToShareDoesNot() async throws {
        _ = await second()
        await first.send("NS SET MULTICLIENT OFF")
        let third = await second()
        #expect(third.all("001").isEmpty && third.all("433").count == 1)
    }

    @Test func othersDoNotGetIn() async throws {
        let guest = test.connect()
        await guest.send("CAP LS 302", "NICK ann", "USER g 0 * :G", "CAP END")
        #expect(
            guest.last
                == ":irc.test 433 * ann :Nickname is reserved: log in with SASL, or connect with another one and use /msg NickServ IDENTIFY"
        )
        #expect(guest.all("001").isEmpty)
        await guest.send("NICK guest")
        #expect(guest.all("001").count == 1)
        let bob = try await test.logIn("bob")
        #expect(await bob.ask("NICK ann").first?.contains(" 433 ") == true)
    }

    @Test func anotherNicknameIsAnotherPerson() async {
        let other = test.connect()
        await logIn(other, as: "ann2")
        #expect(other.client !== first.client)
        #expect(other.client.identity?.account == "ann")
    }

    @Test func theirNumberIsBounded() async {
        _ = await (second(), second())
        let fourth = await second()
        #expect(fourth.last == ":irc.test 433 * ann :Nickname is already in use")
        #expect(first.client.sessions.count == 3)
    }

    @Test func aSharedPersonStaysWhoItIs() async throws {
        try await test.addAccount("bob", password: "secret")
        let second = await second()
        let bob = Data("\0bob\0secret".utf8).base64EncodedString()
        await second.send("AUTHENTICATE PLAIN")
        #expect(await second.ask("AUTHENTICATE \(bob)").first?.contains(" 907 ") == true)
        #expect(first.client.identity?.account == "ann")
    }
}
