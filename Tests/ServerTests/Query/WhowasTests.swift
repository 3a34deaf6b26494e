import ATProto
import Accounts
import IRCProtocol
import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct WhowasTests {
    private func numerics(_ lines: [String]) -> [Substring] { lines.map { $0.split(separator: " ")[1] } }

    @Test func tellsWhoTheyWere() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice", from: "198.51.100.9"), await test.join("bob"))
        test.world.logIn(alice.session, as: Identity(account: "ann", did: nil, isOperator: false))
        await alice.send("QUIT")
        let expected = [
            ":irc.test 314 bob alice ~alice ann.user * :Alice",
            ":irc.test 330 bob alice ann :was logged in as",
            ":irc.test 312 bob alice irc.test :2026-01-01T00:00:00.000Z",
            ":irc.test 369 bob Alice :End of WHOWAS",
        ]
        #expect(await bob.ask("WHOWAS Alice") == expected)
        bob.client.modes.set(.oper, true)
        let more = await bob.ask("WHOWAS Alice")
        #expect(more.filter { $0.contains("198.51.100.9") }.count == 1)
        #expect(more.filter { !$0.contains("198.51.100.9") } == expected)
    }

    @Test func aChangedNicknameWasSomebodyToo() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        await alice.send("NICK carol")
        #expect(numerics(await bob.ask("WHOWAS alice")) == ["314", "312", "369"])
        #expect(numerics(await bob.ask("WHOWAS carol")) == ["406", "369"])
    }

    @Test func countsAndSeveralNames() async throws {
        let test = try await TestWorld()
        let bob = await test.join("bob")
        for name in ["a", "a", "b"] { await test.join(name).send("QUIT") }
        #expect(numerics(await bob.ask("WHOWAS a,b,c")) == ["314", "312", "314", "312", "369", "314", "312", "369", "406", "369"])
        for (count, entries) in [("1", 1), ("2", 2), ("3", 2), ("0", 2), ("-1", 2), ("x", 2)] {
            #expect(numerics(await bob.ask("WHOWAS a \(count)")).count { $0 == "314" } == entries, "\(count)")
        }
        #expect(numerics(await bob.ask("WHOWAS")) == ["431"])
        #expect(numerics(await bob.ask("WHOWAS a 1 irc.other")) == ["402"])
        #expect(numerics(await bob.ask("WHOWAS a 1 irc.test")).first == "314")
    }

    @Test func anAnswerIsBounded() async throws {
        let test = try await TestWorld { $0.limits.targets = 2 }
        let bob = await test.join("bob")
        for _ in 0..<60 { await test.join("a").send("QUIT") }
        #expect(numerics(await bob.ask("WHOWAS a")).count { $0 == "314" } == 50)
        #expect(numerics(await bob.ask("WHOWAS a 1000")).count { $0 == "314" } == 50)
        #expect(numerics(await bob.ask("WHOWAS x,y,z")).count { $0 == "369" } == 2)
    }

    @Test func theServerForgetsTheOldest() async throws {
        let test = try await TestWorld { $0.limits.whowas = 2 }
        let bob = await test.join("bob")
        for name in ["a", "b", "c"] { await test.join(name).send("QUIT") }
        #expect(numerics(await bob.ask("WHOWAS a")) == ["406", "369"])
        #expect(numerics(await bob.ask("WHOWAS b")).first == "314")
    }
}
