import ATProto
import Accounts
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Server

/// The identities of connected people are looked at anew; what is over closes the connection, a passing fault nothing.
@Suite @LoopActor struct IdentityRoundsTests {
    let test: TestWorld
    let alice: DID
    let bob: DID

    init() async throws {
        test = try await TestWorld()
        alice = try #require(DID(TestWorld.alice))
        bob = try #require(DID(TestWorld.bob))
    }

    private func ask(_ client: TestClient, _ text: String) async -> [String] {
        ServiceDeskTests.said(await client.ask("PRIVMSG NickServ :\(text)"), "NickServ")
    }

    /// Lets an hour pass, with one sweep at its end.
    private func anHour() async {
        test.clock.advance(by: .seconds(3600))
        for session in test.world.sessions.values { session.heardAt = test.clock.uptime }
        test.world.tick()
        await test.settle()
    }

    @Test func everybodyIsLookedAtOnceAnHour() async throws {
        _ = await test.logIn("ann", did: TestWorld.alice)
        _ = await test.logIn("ann2", did: TestWorld.alice)
        _ = try await test.logIn("local")
        await test.advance(seconds: 60)
        #expect(test.identities.looks.isEmpty)
        await anHour()
        #expect(test.identities.looks == [alice])
        await test.advance(seconds: 60)
        #expect(test.identities.looks == [alice])
        await anHour()
        #expect(test.identities.looks == [alice, alice])
    }

    @Test func notManyAtOnce() async throws {
        for index in 0..<10 {
            let letter = String(UnicodeScalar(UInt8(97 + index)))
            _ = await test.logIn("n\(index)", did: "did:plc:" + String(repeating: letter, count: 24))
        }
        await anHour()
        #expect(test.identities.looks.count == IdentityRounds.perSecond)
        await test.advance(seconds: 2)
        #expect(Set(test.identities.looks).count == 10 && test.identities.looks.count == 10)
    }

    @Test func whoIsGoneIsDisconnectedWithTheReason() async throws {
        let login = test.webLogins.add(alice)
        let ann = await test.logIn("ann", did: TestWorld.alice, login: login)
        let other = await test.logIn("other", did: TestWorld.alice)
        let bobs = await test.logIn("bob", did: TestWorld.bob)
        test.identities.verdicts = [alice: .gone("the account was taken down"), bob: .unknown]
        await anHour()
        for client in [ann, other] {
            #expect(client.isClosed && client.last?.contains("Identity is gone: the account was taken down") == true)
        }
        #expect(!bobs.isClosed)
        #expect(test.webLogins.all.map(\.endedBecause) == ["the account was taken down"])
    }

    @Test func aChangedHandleIsShownAndCounts() async throws {
        let ann = await test.logIn("ann", did: TestWorld.alice, handle: "alice.example.com", in: "#c")
        let founder = try await test.logIn("founder")
        #expect(await founder.ask("WHOIS ann").contains { $0.contains("is @alice.example.com") })
        test.identities.verdicts[alice] = .stands(Handle("alice.spam.example"))
        await anHour()
        #expect(ann.last?.hasSuffix("Your handle is @alice.spam.example now") == true)
        #expect(await founder.ask("WHOIS ann").contains { $0.contains("is @alice.spam.example") })
        #expect(await ask(founder, "INFO \(alice)").contains("  Identity: \(alice) (@alice.spam.example)"))
        test.identities.verdicts[alice] = .stands(nil)
        await anHour()
        #expect(!(await founder.ask("WHOIS ann").contains { $0.contains("on the AT Protocol") }))
        #expect(await ask(founder, "INFO \(alice)").contains("  Identity: \(alice)"))
        ann.clear()
        await anHour()
        #expect(ann.all("NOTICE").isEmpty)
    }

    @Test func whoIsKeptOutByTheNewHandleIsThrownOut() async throws {
        let founder = try await test.logIn("founder", in: "#c")
        await founder.send("CS REGISTER #c", "CS AKICK #c ADD handle:*.spam.example no spam")
        let ann = await test.logIn("ann", did: TestWorld.alice, handle: "alice.example.com", in: "#c")
        #expect(ann.client.channels["#c"] != nil)
        test.identities.verdicts[alice] = .stands(Handle("alice.spam.example"))
        await anHour()
        #expect(ann.client.channels["#c"] == nil && ann.all("KICK").last?.hasSuffix(":no spam") == true)
        #expect(await ann.ask("JOIN #c").first?.contains(" 474 ") == true)
    }

    @Test func onDemand() async throws {
        let ann = await test.logIn("ann", did: TestWorld.alice)
        test.identities.verdicts[alice] = .stands(Handle("alice.example.com"))
        #expect(await ask(ann, "RECHECK").contains("\(alice) is @alice.example.com"))
        #expect(ann.client.identity?.handle?.text == "alice.example.com")
        test.identities.verdicts[alice] = .unknown
        #expect(await ask(ann, "RECHECK") == ["This cannot be looked up just now, try again in a moment"])
        #expect(await ask(ann, "RECHECK \(bob)") == ["Only operators of the server may name another account"])
        for _ in 0..<8 { _ = await ask(ann, "RECHECK") }
        #expect(await ask(ann, "RECHECK") == ["Not more than 10 times an hour"])
        let local = try await test.logIn("local")
        #expect(await ask(local, "RECHECK") == ["local has no identity that could be looked up"])
        test.identities.verdicts[alice] = .gone("the account was deleted")
        #expect(try await test.administer("ns", "RECHECK \(alice)") == ["\(alice) is gone: the account was deleted"])
        #expect(ann.isClosed)
    }

    @Test func aDoubtIsLookedIntoAtOnceButNotAllTheTime() async throws {
        let ann = await test.logIn("ann", did: TestWorld.alice)
        test.clock.advance(by: .seconds(61))
        test.world.identityDoubted(bob)
        test.world.identityDoubted(alice)
        test.world.identityDoubted(alice)
        await test.settle()
        test.world.identityDoubted(alice)
        await test.settle()
        #expect(test.identities.looks == [alice] && !ann.isClosed)
        test.clock.advance(by: .seconds(61))
        test.identities.verdicts[alice] = .gone("the account was deleted")
        test.world.identityDoubted(alice)
        await test.settle()
        #expect(ann.isClosed)
    }

    @Test func notMoreTogetherThanTheLimit() async throws {
        var dids: [DID] = []
        for index in 0..<IdentityRounds.limit + 3 {
            let did = try #require(DID("did:web:n\(index).example.com"))
            dids.append(did)
            _ = await test.logIn("n\(index)", did: did.text)
        }
        test.clock.advance(by: .seconds(61))
        for did in dids { test.world.identityDoubted(did) }
        #expect(test.world.identityRounds.running.count == IdentityRounds.limit)
        #expect(await test.world.reviewed(dids[IdentityRounds.limit]) == .unknown)
        await test.settle()
        #expect(test.identities.looks.count == IdentityRounds.limit && test.world.identityRounds.running.isEmpty)
    }

    @Test func whoStaysWithoutAConnectionGoesToo() async throws {
        let ann = await test.logIn("ann", did: TestWorld.alice, in: "#c")
        await ann.send("PERSISTENCE SET ON")
        ann.disconnect()
        await test.settle()
        #expect(test.world.person(named: "ann") != nil)
        test.identities.verdicts[alice] = .gone("the account was deleted")
        await anHour()
        #expect(test.world.person(named: "ann") == nil && test.world.residents.isEmpty)
    }

    @Test func neverWhenSwitchedOff() async throws {
        let test = try await TestWorld { $0.accounts.reviewInterval = nil }
        _ = await test.logIn("ann", did: TestWorld.alice)
        test.clock.advance(by: .seconds(100_000))
        test.world.reviewIdentities()
        await test.settle()
        #expect(test.identities.looks.isEmpty)
    }
}
