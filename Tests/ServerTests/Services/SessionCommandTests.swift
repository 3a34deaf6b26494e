import ATProto
import Accounts
import Logging
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Server

/// Connections and logins on the web, seen and ended over IRC; what rests on one ends with it.
@Suite @LoopActor struct SessionCommandTests {
    let test: TestWorld
    let alice: DID

    init() async throws {
        test = try await TestWorld()
        alice = try #require(DID(TestWorld.alice))
    }

    private func ask(_ client: TestClient, _ text: String) async -> [String] {
        ServiceDeskTests.said(await client.ask("PRIVMSG NickServ :\(text)"), "NickServ")
    }

    @Test func bothKindsAreListed() async throws {
        let (first, second) = (test.webLogins.add(alice, agent: "Browser/1"), test.webLogins.add(alice))
        _ = test.webLogins.add(try #require(DID(TestWorld.bob)))
        let ann = await test.logIn("ann", did: TestWorld.alice, login: first)
        test.clock.advance(by: .seconds(1))
        let phone = await test.logIn("phone", did: TestWorld.alice, login: second)
        let lines = await ask(ann, "SESSIONS")
        #expect(lines.count == 5)
        #expect(lines[0].hasSuffix("by w1, this one") && lines[0].hasPrefix("  1  ann from 192.0.2.1, tls"))
        #expect(lines[1].hasSuffix(", by w2") && lines[1].hasPrefix("  2  phone"))
        #expect(lines[2] == "  w1  Browser/1, since 2023-11-14T22:13:20.000Z, last used 2023-11-14T22:13:20.000Z")
        #expect(lines[4].hasPrefix("2 connections, 2 logins on the web. "))
        #expect(await ask(ann, "SESSIONS NAME w2 my  phone") == ["Login w2 is called my phone now"])
        #expect(await ask(ann, "SESSIONS")[3].hasPrefix("  w2  \"my phone\", since"))
        #expect(await ask(ann, "SESSIONS NAME w9 x") == ["There is no login w9"])
        #expect(await ask(ann, "SESSIONS NAME w2 \(String(repeating: "x", count: 61))").first?.hasPrefix("A name has") == true)
        #expect(await ask(ann, "SESSIONS LOGOUT w2") == ["Login w2 is ended, with the connections that rested on it"])
        #expect(phone.isClosed && phone.last?.contains("Your login is over: ended from another connection") == true)
        #expect(!ann.isClosed)
        #expect(await ask(ann, "SESSIONS LOGOUT w2") == ["There is no login w2"])
        #expect(await ask(ann, "SESSIONS LOGOUT w0").first?.hasPrefix("Syntax") == true)
        #expect(await ask(ann, "SESSIONS LOGOUT").first?.hasPrefix("Syntax") == true)
        #expect(await ask(ann, "SESSIONS").count == 3)
    }

    @Test func allButThisOne() async throws {
        let (first, second) = (test.webLogins.add(alice), test.webLogins.add(alice))
        let ann = await test.logIn("ann", did: TestWorld.alice, login: first)
        let same = await test.logIn("same", did: TestWorld.alice, login: first)
        let other = await test.logIn("other", did: TestWorld.alice, login: second)
        #expect(await ask(ann, "SESSIONS LOGOUT ALL") == ["2 connections and 1 logins on the web are ended"])
        #expect(same.isClosed && other.isClosed && !ann.isClosed)
        #expect(test.webLogins.all.map(\.endedBecause) == [nil, "ended from another connection"])
    }

    @Test func alsoWhileItStillRegisters() async throws {
        let login = test.webLogins.add(alice)
        let client = test.connect()
        await client.send("CAP REQ :sasl", "NICK ann", "USER ann 0 * :ann")
        await test.present(client, did: TestWorld.alice, login: login)
        test.world.webLoginsEnded([login.id], reason: "signed out")
        await test.settle()
        #expect(client.isClosed)
    }

    @Test func whoLogsInInAnotherWayRestsOnNothing() async throws {
        let login = test.webLogins.add(alice)
        let ann = await test.logIn("ann", did: TestWorld.alice, login: login)
        await ann.send("NS LOGOUT")
        test.world.webLoginsEnded([login.id], reason: "signed out")
        await test.settle()
        #expect(!ann.isClosed)
    }

    @Test func operatorsSeeAndEndThoseOfOthers() async throws {
        let log = EventLog()
        let test = try await TestWorld(logger: log.logger)
        let login = test.webLogins.add(alice)
        let ann = await test.logIn("ann", did: TestWorld.alice, login: login)
        let (root, bob) = (try await test.operate("root"), try await test.logIn("bob"))
        func ask(_ client: TestClient, _ text: String) async -> [String] {
            ServiceDeskTests.said(await client.ask("PRIVMSG NickServ :\(text)"), "NickServ")
        }
        #expect(await ask(bob, "SESSIONS \(alice)").first?.hasPrefix("Syntax") == true)
        #expect(await ask(bob, "SALOGOUT \(alice) w1") == ["SALOGOUT is for operators of the server"])
        #expect(await ask(root, "SESSIONS \(alice)").last == "1 connections, 1 logins on the web. SALOGOUT \(alice) <number> ends one")
        #expect(await ask(root, "SALOGOUT \(alice) w1") == ["Login w1 is ended, with the connections that rested on it"])
        #expect(ann.isClosed && ann.last?.contains("ended by an operator") == true)
        #expect(log.events.last { $0.name == "account.logout" }?.metadata["by"] == root.client.source)
        let lines = try await test.administer("ns", "SESSIONS bob")
        #expect(lines.count == 2 && lines[0].contains("bob from"))
        #expect(try await test.administer("ns", "SESSIONS") == ["Whose? SESSIONS <account>"])
        #expect(
            try await test.administer("ns", "SALOGOUT bob ALL") == ["1 connections and 0 logins on the web are ended"])
        #expect(bob.isClosed)
        #expect(log.events.last { $0.name == "account.logout" }?.metadata["by"] == "a test")
    }

    @Test func aBrokenStoreIsTold() async throws {
        let ann = await test.logIn("ann", did: TestWorld.alice, login: test.webLogins.add(alice))
        test.webLogins.isBroken = true
        for command in ["SESSIONS", "SESSIONS LOGOUT w1", "SESSIONS LOGOUT ALL", "SESSIONS NAME w1 x"] {
            #expect(await ask(ann, command) == ["This could not be done, try again in a moment"], "\(command)")
        }
        #expect(!ann.isClosed)
        let guest = await test.join("guest")
        #expect(await ask(guest, "SESSIONS") == ["You must be logged in to an account to use SESSIONS"])
    }

    // MARK: Accounts that are over

    @Test func suspensionEndsEverything() async throws {
        let ann = await test.logIn("ann", did: TestWorld.alice, login: test.webLogins.add(alice))
        let root = try await test.operate("root")
        let registering = test.connect()
        await registering.send("CAP REQ :sasl", "NICK late", "USER late 0 * :late")
        await test.present(registering, did: TestWorld.alice)
        #expect(await ask(root, "SUSPEND \(alice) spam") == ["\(alice) is suspended"])
        #expect(ann.isClosed && ann.lines.last?.contains("Account suspended (spam)") == true)
        #expect(test.webLogins.all.map(\.endedBecause) == ["account suspended (spam)"])
        let again = test.connect()
        await again.send("CAP REQ :sasl", "NICK ann", "USER ann 0 * :ann")
        await test.present(again, did: TestWorld.alice)
        #expect(again.all("904").count == 1 && again.client.identity == nil)
        #expect(registering.isClosed)
    }

    @Test func suspensionCountsAlsoWhenTheOperatorIsGone() async throws {
        let log = EventLog()
        let test = try await TestWorld(logger: log.logger)
        let ann = await test.logIn("ann", did: TestWorld.alice, login: test.webLogins.add(alice))
        let root = try await test.operate("root")
        root.sendAtOnce(["NS SUSPEND \(alice) spam"])
        for _ in 0..<100_000 where !log.events.contains(where: { $0.name == "account.suspend" }) { await Task.yield() }
        root.disconnect()
        await test.settle()
        #expect(ann.isClosed && test.webLogins.all.map(\.endedBecause) == ["account suspended (spam)"])
    }

    @Test func deletionEndsTheLoginsOnTheWeb() async throws {
        let ann = await test.logIn("ann", did: TestWorld.alice, login: test.webLogins.add(alice))
        let other = await test.logIn("other", did: TestWorld.alice)
        let registering = test.connect()
        await registering.send("CAP REQ :sasl", "NICK late", "USER late 0 * :late")
        await test.present(registering, did: TestWorld.alice)
        let code = await ask(ann, "UNREGISTER").last?.split(separator: " ").last ?? ""
        await ann.send("NS UNREGISTER \(code)")
        #expect(test.webLogins.all.map(\.endedBecause) == ["account deleted"])
        #expect(registering.client.identity == nil)
        // They are guests now, whatever their login rested on.
        #expect(ann.client.identity == nil && other.client.identity == nil && !ann.isClosed)
    }
}
