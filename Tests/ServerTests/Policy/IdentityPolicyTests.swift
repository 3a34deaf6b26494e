import ATProto
import Accounts
import Foundation
import IRCProtocol
import MainLoop
import Store
import Testing

@testable import Server

/// What an identity is worth: who may be here, who operates, who is kept out and who has access.
@Suite @LoopActor struct IdentityPolicyTests {
    // MARK: The list

    private func world(_ allowed: String...) async throws -> TestWorld {
        try await TestWorld { $0.accounts.allowed = allowed.map { AllowedIdentity($0) } }
    }

    @Test(
        arguments: [
            (nil, true), ("did:plc:aliceaaaaaaaaaaaaaaaaaaa", true), ("did:plc:bobbbbbbbbbbbbbbbbbbbbbb", false), ("example.com", true),
            ("alice.example.com", true), ("EXAMPLE.com", true), ("ample.com", false), ("le.alice.example.com", false), ("ann", false),
        ] as [(String?, Bool)])
    func entriesAreDIDsDomainsAndAccounts(_ entry: String?, _ isIn: Bool) async throws {
        let test = try await TestWorld { $0.accounts.allowed = [entry].compactMap { $0.map { AllowedIdentity($0) } } }
        let ann = await test.logIn("ann", did: TestWorld.alice, handle: "alice.example.com")
        #expect(ann.all("001").isEmpty != isIn && ann.all("903").isEmpty != isIn)
        guard !isIn else { return }
        #expect(ann.all("904").first?.contains("Not authorized to connect to this server: it is for the accounts on its list only") == true)
        #expect(ann.isClosed && ann.last?.contains("This server is for the accounts on its list only") == true)
    }

    @Test func guestsAndOtherAccountsStayOutside() async throws {
        let test = try await world("ann", "example.com")
        let guest = await test.join("guest", keepsGreeting: true)
        #expect(guest.isClosed && guest.all("001").isEmpty && guest.last?.contains("log in with SASL") == true)
        for (name, isIn) in [("ann", true), ("bob", false)] {
            try await test.addAccount(name, password: "secret")
            let client = test.connect()
            await client.send("CAP REQ :sasl", "NICK \(name)", "USER u 0 * :u", "AUTHENTICATE PLAIN")
            await client.send("AUTHENTICATE \(Data("\0\(name)\0secret".utf8).base64EncodedString())", "CAP END")
            #expect(client.all("001").isEmpty != isIn)
        }
        try await test.addAccount("root", password: "secret", isOperator: true)
        let root = test.connect()
        await root.send("CAP REQ :sasl", "NICK root", "USER u 0 * :u", "AUTHENTICATE PLAIN")
        await root.send("AUTHENTICATE \(Data("\0root\0secret".utf8).base64EncodedString())", "CAP END")
        #expect(root.all("001").count == 1)
    }

    @Test func aHandleThatIsNotVerifiedIsNone() async throws {
        let test = try await world("example.com")
        let ann = await test.logIn("ann", did: TestWorld.alice)
        #expect(ann.isClosed)
    }

    @Test func aReloadClosesTheConnectionsOfThoseTakenOff() async throws {
        let test = try await world(TestWorld.alice, TestWorld.bob)
        let (ann, bob) = (await test.logIn("ann", did: TestWorld.alice), await test.logIn("bob", did: TestWorld.bob))
        var configuration = test.world.configuration
        configuration.accounts.allowed = [AllowedIdentity(TestWorld.bob)]
        test.world.reconfigure(configuration)
        await test.settle()
        #expect(ann.isClosed && ann.last?.contains("not on the list of this server any more") == true)
        #expect(!bob.isClosed)
    }

    @Test func whoIsNotOnTheListDoesNotStayEither() async throws {
        let database = try RoostDatabase.inMemory()
        let before = try await TestWorld(database: database)
        let ann = await before.logIn("ann", did: TestWorld.alice)
        await ann.send("PERSISTENCE SET ON")
        await before.world.flushRecords()
        let same = try await TestWorld(database: database)
        #expect(same.world.person(named: "ann") != nil)
        let after = try await TestWorld(database: database) { $0.accounts.allowed = [AllowedIdentity(TestWorld.bob)] }
        #expect(after.world.person(named: "ann") == nil)
    }

    @Test func aHandleThatLeavesTheDomainLeavesTheServer() async throws {
        let test = try await world("example.com")
        let alice = try #require(DID(TestWorld.alice))
        let ann = await test.logIn("ann", did: TestWorld.alice, handle: "alice.example.com")
        test.identities.verdicts[alice] = .unknown
        _ = await test.world.reviewed(alice)
        await test.settle()
        #expect(!ann.isClosed)
        test.identities.verdicts[alice] = .stands(Handle("alice.elsewhere.net"))
        _ = await test.world.reviewed(alice)
        await test.settle()
        #expect(ann.isClosed)
    }

    // MARK: Operators

    @Test func operatorsByDID() async throws {
        let test = try await TestWorld { $0.accounts.operators = [TestWorld.alice] }
        let (ann, bob) = (await test.logIn("ann", did: TestWorld.alice), await test.logIn("bob", did: TestWorld.bob))
        #expect(ann.client.isOperator && ann.all("221").last?.contains("o") == true && !bob.client.isOperator)
        let late = await test.join("late")
        await test.present(late, did: TestWorld.alice)
        #expect(late.client.isOperator && late.all("MODE") == [":irc.test MODE late :+o"])
        var configuration = test.world.configuration
        configuration.accounts.operators = []
        ann.clear()
        test.world.reconfigure(configuration)
        await test.settle()
        #expect(!ann.client.isOperator && ann.all("MODE") == [":irc.test MODE ann :-os"])
        #expect(!late.client.isOperator)
        #expect(await ann.ask("KILL bob :x").first?.contains(" 481 ") == true)
    }

    @Test func whoIsNobodyAnyMoreIsNoOperator() async throws {
        let test = try await TestWorld { $0.accounts.operators = [TestWorld.alice] }
        let ann = await test.logIn("ann", did: TestWorld.alice)
        await ann.send("NS LOGOUT")
        #expect(!ann.client.isOperator && ann.all("MODE").last?.hasSuffix(" :-os") == true)
        await test.present(ann, did: TestWorld.alice)
        #expect(ann.client.isOperator)
        await test.present(ann, did: TestWorld.bob)
        #expect(!ann.client.isOperator && ann.client.identity?.account == TestWorld.bob)
        await test.present(ann, did: TestWorld.alice)
        let code = try await test.administer("ns", "SAUNREGISTER \(TestWorld.alice)").last?.split(separator: " ").last
        #expect(ann.client.isOperator)
        _ = try await test.administer("ns", "SAUNREGISTER \(TestWorld.alice) \(code ?? "")")
        #expect(ann.client.identity == nil && !ann.client.isOperator)
        // A password is another reason.
        try await test.addAccount("root", password: "secret", isOperator: true)
        let other = try await test.logIn("other")
        await other.send("OPER root secret", "NS LOGOUT")
        #expect(other.client.isOperator && other.client.identity == nil)
    }

    @Test func anOperatorInAnotherWayStaysOne() async throws {
        let test = try await TestWorld { $0.accounts.operators = [TestWorld.alice] }
        let root = try await test.operate("root")
        _ = try await test.accounts.logIn(did: TestWorld.alice, now: 0)
        try await test.accounts.setOperator(true, name: TestWorld.alice)
        let ann = await test.logIn("ann", did: TestWorld.alice)
        var configuration = test.world.configuration
        configuration.accounts.operators = []
        test.world.reconfigure(configuration)
        #expect(ann.client.isOperator && root.client.isOperator)
    }

    // MARK: Channels

    @Test(arguments: [
        "did:\(TestWorld.alice)", "d:\(TestWorld.alice)", "handle:*.example.com", "h:alice.example.com", "account:\(TestWorld.alice)",
    ])
    func masksKeepOutLetInAndInvite(_ mask: String) async throws {
        let test = try await TestWorld()
        let founder = try await test.logIn("founder", in: "#c")
        let ann = await test.logIn("ann", did: TestWorld.alice, handle: "alice.example.com")
        let bob = await test.logIn("bob", did: TestWorld.bob, handle: "bob.elsewhere.net")
        await founder.send("MODE #c +b \(mask)")
        #expect(await ann.ask("JOIN #c").first?.contains(" 474 ") == true)
        #expect(await bob.ask("JOIN #c").contains { $0.contains(" 366 ") })
        await bob.send("PART #c")
        await founder.send("MODE #c -b \(mask)", "MODE #c +b *!*@*", "MODE #c +e \(mask)")
        #expect(await ann.ask("JOIN #c").contains { $0.contains(" 366 ") })
        #expect(await bob.ask("JOIN #c").first?.contains(" 474 ") == true)
        await ann.send("PART #c")
        await founder.send("MODE #c -be *!*@* \(mask)", "MODE #c +iI \(mask)")
        #expect(await ann.ask("JOIN #c").contains { $0.contains(" 366 ") })
        #expect(await bob.ask("JOIN #c").first?.contains(" 473 ") == true)
        await founder.send("MODE #c -iI \(mask)", "CS REGISTER #c", "CS AKICK #c ADD \(mask)")
        #expect(ann.all("KICK").count == 1)
        #expect(await ann.ask("JOIN #c").first?.contains(" 474 ") == true)
        #expect(await bob.ask("JOIN #c").contains { $0.contains(" 366 ") })
    }

    @Test func accessAndFoundersByDID() async throws {
        let test = try await TestWorld()
        let ann = await test.logIn("ann", did: TestWorld.alice, in: "#c")
        await ann.send("CS REGISTER #c")
        #expect(test.world.channels["#c"]?.registration?.founder == TestWorld.alice)
        _ = try await test.accounts.logIn(did: TestWorld.bob, now: 0)
        await ann.send("CS AMODE #c +o \(TestWorld.bob)")
        let bob = await test.logIn("bob", did: TestWorld.bob, in: "#c")
        #expect(test.world.channels["#c"]?[bob.client]?.ranks.atLeast(.op) == true)
        await ann.send("PART #c", "JOIN #c")
        #expect(test.world.channels["#c"]?[ann.client]?.ranks.atLeast(.founder) == true)
    }

    @Test func whoisTellsTheDIDOfALinkedAccount() async throws {
        let test = try await TestWorld()
        let (ann, bob) = (try await test.logIn("ann"), await test.join("bob"))
        ann.client.identity?.did = DID(TestWorld.alice)
        #expect(await bob.ask("WHOIS ann").contains { $0.hasSuffix("is \(TestWorld.alice) on the AT Protocol") })
    }
}
