import ATProto
import Accounts
import MainLoop
import Store
import Testing

@testable import Server

/// Messages to a DID instead of a nickname.
@LoopActor @Suite struct SayToAccountTests {
    private static let did = DID("did:plc:aaaaaaaaaaaaaaaaaaaaaaaa")!
    private let test: TestWorld
    private let alice: TestClient

    init() async throws {
        test = try await TestWorld()
        alice = try await test.logIn("alice", capabilities: "batch message-tags echo-message draft/chathistory")
    }

    /// Somebody logged in with the DID.
    private func bob(_ nick: String = "bob") async throws -> TestClient {
        let client = await test.join(nick, capabilities: "batch message-tags draft/chathistory")
        let record = try await test.accounts.logIn(did: Self.did.text, now: 0)
        test.world.logIn(client.session, as: .init(record))
        client.clear()
        return client
    }

    @Test func reachesWhoIsThere() async throws {
        let bob = try await bob()
        #expect(await alice.ask("PRIVMSG \(Self.did) :hi").last?.hasSuffix("PRIVMSG bob :hi") == true)
        #expect(bob.all("PRIVMSG").count == 1)
        _ = await alice.ask("CHATHISTORY LATEST bob * 10")
        #expect(alice.all("PRIVMSG").count == 1)
    }

    /// Two people of one account get one message of one id, and history has it once.
    @Test func reachesEveryConnectionAndIsKeptOnce() async throws {
        let (first, second) = (try await bob("bob"), try await bob("bobby"))
        await alice.send("PRIVMSG \(Self.did) :hi")
        #expect(first.all("PRIVMSG").count == 1 && first.last == second.last)
        _ = await alice.ask("CHATHISTORY LATEST \(Self.did) * 10")
        #expect(alice.all("PRIVMSG").count == 1)
        await first.send("MODE bob +D")
        await second.send("SILENCE +*!*@*")
        second.clear()
        await alice.send("PRIVMSG \(Self.did) :again")
        #expect(second.lines.isEmpty && first.all("PRIVMSG").count == 2)
    }

    @Test func waitsForWhoIsNotThere() async throws {
        let record = try await test.accounts.logIn(did: Self.did.text, now: 0)
        #expect(await alice.ask("PRIVMSG \(Self.did) :later").last?.hasSuffix("PRIVMSG \(Self.did) :later") == true)
        let bob = try await bob()
        _ = await bob.ask("CHATHISTORY TARGETS * * 10")
        #expect(bob.all("CHATHISTORY").count == 1 && bob.all("CHATHISTORY").first?.contains("TARGETS alice ") == true, "\(bob.lines)")
        _ = await bob.ask("CHATHISTORY LATEST alice * 10")
        #expect(bob.all("PRIVMSG").first?.hasSuffix(":later") == true)
        _ = await alice.ask("CHATHISTORY TARGETS * * 10")
        #expect(alice.lines[1].contains("freeq.at/partner-did=\(record.name) "))
    }

    @Test func refusesWhatCannotWait() async throws {
        #expect(await alice.ask("PRIVMSG \(Self.did) :hi") == [":irc.test 401 alice \(Self.did) :No such nick/channel"])
        _ = try await test.accounts.logIn(did: Self.did.text, now: 0)
        #expect(await alice.ask("@+typing=active TAGMSG \(Self.did)") == [":irc.test 401 alice \(Self.did) :No such nick/channel"])
        let guest = await test.join("guest")
        #expect(await guest.ask("PRIVMSG \(Self.did) :hi").first?.contains(" 477 guest \(Self.did) :") == true)
        try await test.accounts.suspend(name: Self.did.text)
        #expect(await alice.ask("PRIVMSG \(Self.did) :hi").first?.contains(" 401 ") == true)
    }

    /// Each of several targets may need a look into the database; the answer is complete all the same.
    @Test func severalTargetsAreOneAnswer() async throws {
        let other = "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb"
        for did in [Self.did.text, other] { _ = try await test.accounts.logIn(did: did, now: 0) }
        await alice.send("CAP REQ labeled-response")
        let answer = await alice.ask("@label=x PRIVMSG \(Self.did),\(other),nobody :hi")
        #expect(answer.first?.hasPrefix("@label=x :irc.test BATCH +") == true && answer.count == 5)
        #expect(alice.all("PRIVMSG").count == 2 && alice.all("401").count == 1)
        #expect(await alice.ask("PING y").count == 1)
    }

    @Test func theIndexForgetsWhoIsGone() async throws {
        let (first, second) = (try await bob("bob"), try await bob("bobby"))
        #expect(test.world.accounts[Self.did.text].count == 2)
        test.world.logOut(first.client)
        #expect(test.world.accounts[Self.did.text].map(\.target) == ["bobby"])
        second.disconnect()
        #expect(test.world.accounts[Self.did.text].isEmpty)
        alice.disconnect()
        #expect(test.world.accounts.count == 0)
    }
}
