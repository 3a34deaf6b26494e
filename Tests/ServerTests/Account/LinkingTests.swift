import ATProto
import Accounts
import Foundation
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Server

/// A local account with an AT Protocol identity linked to it (NickServ LINK, UNLINK, SAUNLINK).
@Suite @LoopActor struct LinkingTests {
    let test: TestWorld
    let alice: DID
    let log = EventLog()

    init() async throws {
        test = try await TestWorld(logger: log.logger) {
            $0.webAddress = "https://irc.test"
            $0.accounts.operators = [TestWorld.bob]
        }
        alice = try #require(DID(TestWorld.alice))
    }

    private func ask(_ client: TestClient, _ text: String) async -> [String] {
        ServiceDeskTests.said(await client.ask("PRIVMSG NickServ :\(text)"), "NickServ")
    }

    /// The link for a browser that somebody gets.
    private func link(_ client: TestClient, _ name: String = "alice.example.com") async throws -> String {
        let said = await ask(client, "LINK \(name)")
        #expect(said.first == "To link \(name) to your account \(client.client.identity?.account ?? ""), open this link in a browser:")
        return String(try #require(said.dropFirst().first?.split(separator: "/").last))
    }

    /// Links an identity to the account of `client`.
    private func link(_ client: TestClient, to did: DID, handle: String? = nil) async throws {
        let account = try #require(client.client.identity?.account)
        let outcome = await test.world.logInWaiting(try await link(client), as: did, handle: handle.flatMap { Handle($0) })
        #expect(outcome == .linked(account: account))
        await test.settle()
    }

    private func unlink(_ client: TestClient, _ command: String = "UNLINK") async throws -> [String] {
        let code = try #require(await ask(client, command).last?.split(separator: " ").last)
        return await ask(client, "\(command) \(code)")
    }

    @Test func theLinkedIdentityOpensTheAccount() async throws {
        let ann = try await test.logIn("ann", in: "#c")
        let host = ann.client.host
        let wanted = try await link(ann)
        guard case .waiting(let details) = test.world.waitingConnection(wanted) else {
            Issue.record("nobody waits")
            return
        }
        #expect(details.linksTo == "ann" && details.account == "alice.example.com" && details.nick == "ann")
        let outcome = await test.world.logInWaiting(wanted, as: alice, handle: Handle("alice.example.com"))
        #expect(outcome == .linked(account: "ann"))
        await test.settle()
        #expect(ann.last?.hasSuffix("\(alice) (@alice.example.com) is linked to your account ann") == true)
        #expect(await test.world.logInWaiting(wanted, as: alice, handle: nil) != .linked(account: "ann"))
        #expect(try await test.accounts.find(did: alice.text)?.name == "ann")

        let web = await test.logIn("web", did: alice.text)
        #expect(web.client.identity?.account == "ann" && web.client.identity?.did == alice)
        #expect(web.client.host == host && ann.client.host == host)
        let whois = await web.ask("WHOIS ann")
        #expect(whois.contains { $0.hasSuffix(" 330 web ann ann :is logged in as") })
        #expect(whois.contains { $0.hasSuffix("is \(alice) on the AT Protocol") })
        #expect(await ask(web, "INFO \(alice)").contains("  Identity: \(alice) (@alice.example.com)"))
        #expect(log.events.contains { $0.name == "account.link" && $0.metadata["did"] == alice.text && $0.metadata["account"] == "ann" })

        // Masks and messages find the person by the DID.
        let bob = try await test.logIn("bob")
        ann.clear()
        await bob.send("PRIVMSG \(alice) :hello")
        #expect(ann.last?.hasSuffix("PRIVMSG ann :hello") == true && web.last?.contains("hello") == true)
        await bob.send("JOIN #b", "MODE #b +b did:\(alice)")
        #expect(await ann.ask("JOIN #b").first?.contains(" 474 ") == true)
        // The nickname is still that of the account, also after a restart.
        #expect(try await test.accounts.nicknames()["ann"] == "ann")
    }

    @Test func powersOfTheIdentityComeAndGo() async throws {
        let ann = try await test.logIn("ann")
        try await link(ann, to: #require(DID(TestWorld.bob)))
        #expect(ann.client.isOperator && ann.all("MODE").count == 1)
        let answer = try await unlink(ann)
        #expect(answer == ["\(TestWorld.bob) is not linked to ann any more"])
        #expect(!ann.client.isOperator && ann.client.identity?.account == "ann" && !ann.isClosed)
    }

    @Test(arguments: ["doomed", "closed", "logged out", "with a device password"])
    func whoeverIsThrownOutMeanwhileLinksNothing(_ how: String) async throws {
        let ann = try await test.logIn("ann")
        let password = try #require(await ask(ann, "DEVICE ADD phone").first?.split(separator: " ").last)
        let other = await test.join("other")
        await other.send("NS IDENTIFY ann secret")
        let identity = try await test.world.services.authenticator.authenticate(
            .plain(account: "ann", password: String(password)), from: "192.0.2.1"
        ).get()
        let wanted = try await link(ann)
        let (world, alice) = (test.world, alice)
        let linking = Task { @LoopActor in await world.logInWaiting(wanted, as: alice, handle: nil) }
        // It runs up to where the database works.
        await Task.yield()
        #expect(world.waitingConnection(wanted) != .over(World.connectionIsGone) && world.waitingLogins.count == 0)
        switch how {
        case "doomed": world.doom(ann.session, .killed("a test"))
        case "closed": ann.disconnect()
        case "logged out": world.logOut(ann.client)
        default: ann.session.rest(on: identity)
        }
        guard case .refused = await linking.value else {
            Issue.record("it was linked")
            return
        }
        await test.settle()
        #expect(try await test.accounts.find(name: "ann")?.did == nil)
        #expect(try await test.accounts.find(did: alice.text) == nil)
        #expect(!other.isClosed && other.client.identity?.did == nil)
        #expect(!log.events.contains { $0.name == "account.link" })
    }

    @Test func whoeverIsAboutToBeCutLinksNothing() async throws {
        let ann = try await test.logIn("ann")
        let wanted = try await link(ann)
        test.world.doom(ann.session, .killed("a test"))
        #expect(await test.world.logInWaiting(wanted, as: alice, handle: nil) == .refused(World.connectionIsGone))
        #expect(try await test.accounts.find(name: "ann")?.did == nil)
    }

    @Test func oneIdentityOpensOneAccount() async throws {
        let ann = try await test.logIn("ann")
        _ = try await test.accounts.logIn(did: alice.text, now: 0)
        guard case .refused(let reason) = await test.world.logInWaiting(try await link(ann), as: alice, handle: nil) else {
            Issue.record("it was linked")
            return
        }
        #expect(reason.contains("has an account of its own here") && reason.contains("UNREGISTER"))
        #expect(ann.client.identity?.did == nil)
        let bob = try await test.logIn("bob")
        let bobs = try #require(DID(TestWorld.bob))
        try await link(bob, to: bobs)
        guard case .refused(let other) = await test.world.logInWaiting(try await link(ann), as: bobs, handle: nil) else {
            Issue.record("it was linked")
            return
        }
        #expect(other == "\(bobs) is linked to the account bob already.")
        // Nor does one account have two.
        #expect(await ask(bob, "LINK alice.example.com") == ["\(bobs) is linked to your account; UNLINK takes it off"])
        #expect(try await test.accounts.link(did: "did:plc:other", toAccount: "bob") == .occupied)
        #expect(try await test.accounts.link(did: "did:plc:other", toAccount: "nobody") == .closed)
        try await test.accounts.suspend(name: "ann")
        #expect(try await test.accounts.link(did: "did:plc:other", toAccount: "ann") == .closed)
    }

    @Test func onlyTheOwnerOfALocalAccountLinks() async throws {
        let web = await test.logIn("web", did: alice.text)
        #expect(await ask(web, "LINK bob.example.com").first?.hasPrefix("Your account is an AT Protocol identity itself") == true)
        let ann = try await test.logIn("ann")
        #expect(await ask(ann, "LINK nonsense").first?.contains("Expected a handle") == true)
        let wanted = try await link(ann)
        await ann.send("NS LOGOUT")
        #expect(
            await test.world.logInWaiting(wanted, as: alice, handle: nil) == .refused("The connection is not logged in as ann any more."))
        await ann.send("NS IDENTIFY ann secret")
        let password = try #require(await ask(ann, "DEVICE ADD phone").first?.split(separator: " ").last)
        let phone = await test.join("phone")
        await phone.send("NS IDENTIFY ann \(password)")
        for command in ["LINK alice.example.com", "UNLINK"] {
            #expect(
                await ask(phone, command) == [
                    "You are logged in with a device password, which can change nothing about what logs in; log in in another way first"
                ])
        }
        #expect(await ask(ann, "UNLINK") == ["Nothing is linked to ann"])
        #expect(await ask(ann, "SAUNLINK ann").first?.contains("operators") == true)
    }

    @Test func unlinkingEndsWhatRestsOnTheIdentity() async throws {
        let ann = try await test.logIn("ann")
        try await link(ann, to: alice, handle: "alice.example.com")
        let login = test.webLogins.add(alice)
        let (web, bare) = (await test.logIn("web", did: alice.text, login: login), await test.logIn("bare", did: alice.text))
        let answer = try await unlink(ann)
        #expect(answer == ["\(alice) is not linked to ann any more"])
        for client in [web, bare] {
            #expect(client.isClosed && client.last?.contains("\(alice) is not linked to ann any more") == true)
        }
        #expect(test.webLogins.all.first?.endedBecause == "the identity was unlinked")
        #expect(!ann.isClosed && ann.client.identity?.did == nil && ann.client.identity?.handle == nil)
        // From now on the identity has an account of its own.
        let again = await test.logIn("again", did: alice.text)
        #expect(again.client.identity?.account == alice.text)
        #expect(log.events.contains { $0.name == "account.unlink" && $0.metadata["account"] == "ann" })
    }

    @Test func noAccountIsLockedOut() async throws {
        _ = try await test.accounts.create(AccountRecord(name: "ann", did: alice.text, createdAt: 0))
        let web = await test.logIn("web", did: alice.text)
        let answer = try await unlink(web)
        #expect(answer == ["Nothing else opens ann: it needs a password (PASSWD) or a certificate (CERT ADD) first"])
        #expect(try await test.accounts.find(did: alice.text)?.name == "ann" && !web.isClosed)
        _ = try await test.accounts.add(certificate: String(repeating: "a", count: 64), toAccount: "ann", limit: 1, now: 0)
        let admin = try await test.administer("NickServ", "SAUNLINK ann")
        let code = try #require(admin.last?.split(separator: " ").last)
        #expect(
            try await test.administer("NickServ", "SAUNLINK ann \(code)") == [
                "\(alice) is not linked to ann any more",
                "1 certificate still opens ann; FOR ann CERT DEL <fingerprint> ends it:", "  " + String(repeating: "a", count: 64),
            ])
        #expect(web.isClosed)
        #expect(try await test.accounts.unlinkDID(fromAccount: alice.text) == .nothing)
    }

    @Test func aLoginThatIsJudgedMeanwhileDoesNotSlipThrough() async throws {
        let ann = try await test.logIn("ann")
        try await link(ann, to: alice)
        let authenticator = test.world.services.authenticator
        let judged = try await authenticator.logIn(alice, handle: nil)
        #expect(try await authenticator.renewed(judged) == judged)
        _ = try await unlink(ann)
        await #expect(throws: SASLFailure.rejected) { try await authenticator.renewed(judged) }
        let own = try #require(ann.client.identity)
        try await link(ann, to: alice)
        #expect(try await authenticator.renewed(own).did == alice)
        try await test.accounts.setPasswordHash("another", name: "ann")
        await #expect(throws: SASLFailure.rejected) { try await authenticator.renewed(own) }
    }

    @Test func anIdentityThatIsGoneLeavesTheAccount() async throws {
        let ann = try await test.logIn("ann")
        try await link(ann, to: alice, handle: "alice.example.com")
        let web = await test.logIn("web", did: alice.text)
        test.identities.verdicts = [alice: .gone("the account was taken down")]
        #expect(await ask(ann, "RECHECK") == ["ann is gone: the account was taken down"])
        #expect(web.isClosed && web.last?.contains("Identity is gone: the account was taken down") == true)
        #expect(!ann.isClosed && ann.client.identity?.did == nil && ann.client.identity?.account == "ann")
        #expect(try await test.accounts.find(name: "ann")?.did == alice.text)
        #expect(test.world.accounts[alice.text].isEmpty && test.world.accounts["ann"].count == 1)
    }

    @Test func aDeletedAccountLetsItsIdentityGoAndKeepsItsName() async throws {
        let ann = try await test.logIn("ann")
        try await link(ann, to: alice)
        try await test.accounts.delete(name: "ann")
        #expect(try await test.accounts.create(AccountRecord(name: "ann", createdAt: 0)) == false)
        #expect(try await test.accounts.logIn(did: alice.text, now: 0).name == alice.text)
    }
}
