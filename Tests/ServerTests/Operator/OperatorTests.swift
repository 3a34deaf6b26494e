import Accounts
import Foundation
import MainLoop
import Store
import Testing

@testable import Server

@LoopActor @Suite struct OperatorTests {
    @Test func aPasswordMakesAnOperatorOfWhoMayBeOne() async throws {
        let test = try await TestWorld()
        try await test.addAccount("root", password: "hunter2", isOperator: true)
        try await test.addAccount("ann", password: "hunter2")
        let alice = await test.join("alice")
        #expect(await alice.ask("OPER root wrong") == [":irc.test 464 alice :Password incorrect"])
        #expect(await alice.ask("OPER ann hunter2").first?.contains(" 464 ") == true)
        #expect(await alice.ask("KILL alice") == [":irc.test 481 alice :Permission Denied- You're not an IRC operator"])
        let answer = await alice.ask("OPER root hunter2")
        #expect(answer == [":irc.test 381 alice :You are now an IRC operator", ":irc.test MODE alice :+o"])
        #expect(await alice.ask("MODE alice -o") == [":\(alice.client.source) MODE alice :-o"])
        #expect(await alice.ask("MODE alice +o").isEmpty)
    }

    @Test func theCodeMakesTheFirstOperatorAndIsUsedUp() async throws {
        let test = try await TestWorld()
        try await test.state.set("operator.claim", Data(try await test.hasher.hash("ABCDE-FGHJK").utf8))
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        bob.sendAtOnce(["OPER owner ABCDE-FGHJK"])
        alice.sendAtOnce(["OPER owner ABCDE-FGHJK"])
        await test.settle()
        #expect([alice, bob].filter { !$0.all("381").isEmpty }.count == 1)
        let winner = alice.all("381").isEmpty ? bob : alice
        let notice = try #require(winner.all("NOTICE").first)
        let password = try #require(notice.split(separator: " ").last)
        #expect(try await test.accounts.find(name: "owner")?.isOperator == true)
        let carol = await test.join("carol")
        #expect(await carol.ask("OPER owner ABCDE-FGHJK").first?.contains(" 464 ") == true)
        #expect(await carol.ask("OPER owner \(password)").first?.contains(" 381 ") == true)
    }

    @Test func theCodeOfSomebodyLoggedInIsForThatAccount() async throws {
        let test = try await TestWorld()
        try await test.addAccount("ann", password: "secret")
        try await test.state.set("operator.claim", Data(try await test.hasher.hash("CODE").utf8))
        let ann = test.connect()
        await ann.send("NICK ann", "AUTHENTICATE PLAIN", "AUTHENTICATE AGFubgBzZWNyZXQ=", "USER a 0 * :A", "OPER x CODE")
        #expect(ann.all("381").count == 1)
        #expect(try await test.accounts.find(name: "ann")?.isOperator == true)
        let again = test.connect()
        await again.send("NICK ann2", "AUTHENTICATE PLAIN", "AUTHENTICATE AGFubgBzZWNyZXQ=", "USER a 0 * :A")
        #expect(again.all("221") == [":irc.test 221 ann2 +or"])
    }

    @Test func killEndsAConnection() async throws {
        let test = try await TestWorld()
        try await test.addAccount("root", password: "hunter2", isOperator: true)
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        await alice.send("JOIN #c", "OPER root hunter2")
        await bob.send("JOIN #c")
        #expect(await alice.ask("KILL nobody :x").first?.contains(" 401 ") == true)
        #expect(await alice.ask("KILL irc.test :x").first?.contains(" 483 ") == true)
        #expect(await alice.ask("KILL bob :spam") == [":bob!~bob@\(bob.client.host) QUIT :Killed (alice (spam))"])
        #expect(bob.isClosed && bob.last == "ERROR :Closing link: 192.0.2.1 (Killed (alice (spam)))")
    }
}
