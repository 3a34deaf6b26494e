import ATProto
import Accounts
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Server

/// A client that can do nothing is logged in with a browser.
@Suite @LoopActor struct LoginByLinkTests {
    let test: TestWorld
    let alice: DID

    init() async throws {
        test = try await TestWorld { $0.webAddress = "https://irc.test" }
        alice = try #require(DID(TestWorld.alice))
    }

    /// The link that `lines` tell.
    private func told(_ lines: [String]) -> String? {
        let start = "https://irc.test/auth/link/"
        return lines.first { $0.contains(start) }?.firstRange(of: start).flatMap { range in
            lines.first { $0.contains(start) }.map { String($0[range.upperBound...]) }
        }
    }

    @Test(arguments: [
        "LOGIN alice.example.com", "LOGIN did:plc:aliceaaaaaaaaaaaaaaaaaaa", "NS LOGIN alice.example.com",
        "NS LOGIN https://pds.example.com",
    ])
    func theLinkLogsInTheConnectionThatAsked(_ command: String) async throws {
        let ann = await test.join("ann", in: "#c", capabilities: "account-notify")
        let bob = await test.join("bob", in: "#c", capabilities: "account-notify")
        let lines = await ann.ask(command)
        #expect(lines.count == 3 && lines.allSatisfy { $0.contains(" NOTICE ann :") })
        let link = try #require(told(lines))
        #expect(link.utf8.count == 43)
        test.clock.advance(by: .seconds(75))
        guard case .waiting(let details) = test.world.waitingConnection(link) else {
            Issue.record("nobody waits")
            return
        }
        #expect(details.nick == "ann" && details.user == "~ann" && details.address == "192.0.x.x" && details.network == "Test")
        #expect(details.seconds == 75 && command.hasSuffix(details.account))
        ann.clear()
        bob.clear()
        #expect(await test.world.logInWaiting(link, as: alice, handle: Handle("alice.example.com")) == .loggedIn)
        await test.settle()
        #expect(ann.all("900").first?.hasSuffix("You are now logged in as \(alice)") == true && ann.all("903").count == 1)
        #expect(ann.last?.hasSuffix("You are now authenticated as \(alice) (@alice.example.com)") == true)
        #expect(bob.all("ACCOUNT").count == 1)
        #expect(ann.client.identity?.handle?.text == "alice.example.com" && ann.session.webLogin == nil)
        // It counts once.
        #expect(await test.world.logInWaiting(link, as: alice, handle: nil) != .loggedIn)
        #expect(
            test.world.waitingConnection(link) == .over("This link is unknown, used or too old. Ask for another one in your chat client."))
        #expect(await ann.ask(command).first?.hasSuffix("You are logged in as \(alice) already") == true)
    }

    @Test func aMistakeInTheNameIsSeenAtOnce() async throws {
        let ann = await test.join("ann")
        test.webLogins.unknownNames["alice.exmaple.com"] = "Cannot resolve handle: alice.exmaple.com was not found"
        for command in ["LOGIN", "NS LOGIN"] {
            let lines = await ann.ask("\(command) alice.exmaple.com")
            #expect(lines.count == 1 && lines.first?.hasSuffix("alice.exmaple.com was not found") == true)
        }
        #expect(test.world.waitingLogins.count == 0)
        // Each costs requests to where the client says.
        for _ in 0..<28 { await ann.send("LOGIN alice.exmaple.com") }
        #expect(await ann.ask("LOGIN alice.exmaple.com").last?.contains("Too many names were looked up") == true)
        test.clock.advance(by: .seconds(4))
        #expect(await ann.ask("LOGIN alice.example.com").count == 3)
    }

    @Test func passwordsStillWork() async throws {
        try await test.addAccount("ann", password: "secret")
        let ann = await test.join("ann")
        #expect(await ann.ask("NS LOGIN secret").contains { $0.contains("You are logged in as ann") })
        await ann.send("NS LOGOUT")
        #expect(await ann.ask("NS IDENTIFY alice.example.com").contains { $0.contains("password is wrong") })
        #expect(await ann.ask("NS LOGIN ann secret").contains { $0.contains("You are logged in as ann") })
        #expect(test.world.waitingLogins.count == 0)
    }

    @Test(arguments: ["nonsense", "did:key:z6Mk", "http://pds.example.com", "a b"])
    func whatIsNoIdentityIsRefused(_ name: String) async throws {
        let ann = await test.join("ann")
        #expect(await ann.ask("LOGIN :\(name)").first?.contains("Expected a handle") == true)
        #expect(test.world.waitingLogins.count == 0)
    }

    @Test func whoIsGoneOrLoggedInIsTold() async throws {
        let gone = await test.join("gone")
        let first = try #require(told(await gone.ask("LOGIN alice.example.com")))
        gone.disconnect()
        await test.settle()
        #expect(test.world.waitingConnection(first) == .over("The connection that asked for this login is gone."))
        #expect(
            await test.world.logInWaiting(first, as: alice, handle: nil) == .refused("The connection that asked for this login is gone."))

        let ann = try await test.logIn("ann")
        await ann.send("NS LOGOUT")
        let second = try #require(told(await ann.ask("LOGIN alice.example.com")))
        await ann.send("NS IDENTIFY ann secret")
        #expect(test.world.waitingConnection(second) == .over("The connection is logged in as ann already."))
        #expect(await test.world.logInWaiting(second, as: alice, handle: nil) == .refused("The connection is logged in as ann already."))
        #expect(ann.client.identity?.account == "ann")
    }

    @Test func whatExpiresOrIsReplacedIsVoid() async throws {
        let ann = await test.join("ann")
        let first = try #require(told(await ann.ask("LOGIN alice.example.com")))
        let second = try #require(told(await ann.ask("LOGIN alice.example.com")))
        #expect(first != second && test.world.waitingLogins.count == 1)
        #expect(await test.world.logInWaiting(first, as: alice, handle: nil) != .loggedIn)
        test.clock.advance(by: .seconds(600))
        #expect(await test.world.logInWaiting(second, as: alice, handle: nil) != .loggedIn)
        #expect(ann.client.identity == nil)
    }

    @Test func aSuspendedAccountIsNotLoggedIn() async throws {
        _ = try await test.accounts.logIn(did: alice.text, now: 0)
        try await test.accounts.suspend(name: alice.text)
        let ann = await test.join("ann")
        let link = try #require(told(await ann.ask("LOGIN alice.example.com")))
        #expect(await test.world.logInWaiting(link, as: alice, handle: nil) == .refused("Not authorized to connect to this server"))
        #expect(ann.client.identity == nil)
    }

    @Test func linksAreBounded() async throws {
        var clients: [TestClient] = []
        for index in 0..<WaitingLogins.perAddress {
            clients.append(await test.join("n\(index)", from: "198.51.100.1"))
            #expect(told(await clients[index].ask("LOGIN alice.example.com")) != nil)
        }
        let more = await test.join("more", from: "198.51.100.1")
        #expect(await more.ask("LOGIN alice.example.com").first?.contains("Too many logins wait") == true)
        let other = await test.join("other", from: "198.51.100.2")
        #expect(told(await other.ask("LOGIN alice.example.com")) != nil)

        var waiting = WaitingLogins()
        for index in 0..<WaitingLogins.limit {
            let client = test.connect(from: "2001:db8:\(String(index, radix: 16))::1")
            clients.append(client)
            #expect(waiting.open(for: client.session, as: "a.test", address: "\(index)", at: .zero) != nil)
        }
        #expect(waiting.open(for: other.session, as: "a.test", address: "x", at: .zero) == nil)
        #expect(waiting.open(for: clients.last?.session ?? other.session, as: "a.test", address: "y", at: .zero) != nil)
        #expect(waiting.open(for: other.session, as: "a.test", address: "x", at: WaitingLogins.lifetime) != nil)
        #expect(waiting.count == 1)
    }

    @Test(arguments: [("192.0.2.77", "192.0.x.x"), ("2001:db8:1:2::3", "2001:db8:…"), ("::1", "1:…")])
    func addressesAreMasked(_ address: String, _ shown: String) {
        #expect(World.masked(address) == shown)
    }
}
