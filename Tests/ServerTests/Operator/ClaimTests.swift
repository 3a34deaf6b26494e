import Accounts
import Foundation
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Server

/// The first operator: the code works once, and gives nobody an account that is somebody else's.
@LoopActor @Suite struct ClaimTests {
    private func world(code: String = "CODE") async throws -> TestWorld {
        let test = try await TestWorld()
        try await test.state.set(OperatorDesk.claimKey, Data(try await test.hasher.hash(code).utf8))
        return test
    }

    @Test func aTakenNameIsNotGivenAway() async throws {
        let test = try await world()
        try await test.addAccount("owner", password: "secret")
        let alice = await test.join("alice")
        #expect(await alice.ask("OPER owner CODE").first == ":irc.test 381 alice :You are now an IRC operator")
        #expect(try await test.accounts.find(name: "owner")?.isOperator == false)
        #expect(try await test.accounts.find(name: "owner2")?.isOperator == true)
        #expect(alice.all("NOTICE").first?.contains("Your account is owner2, its password is ") == true)
        #expect(alice.client.identity?.account == "owner2" && alice.all("900").count == 1)
        await alice.send("JOIN #c")
        #expect(await alice.ask("CS REGISTER #c").contains { $0.hasSuffix("#c is registered, and you are its founder") })
    }

    @Test(arguments: ["did:plc:abcdefghijklmnopqrstuvwx", "#x", "1st", "a*"])
    func aNameThatIsNoneBecomesOwner(_ name: String) async throws {
        let test = try await world()
        let alice = await test.join("alice")
        await alice.send("OPER \(name) CODE")
        #expect(alice.all("381").count == 1)
        #expect(try await test.accounts.find(name: "owner")?.isOperator == true)
        #expect(try await test.accounts.find(name: name) == nil)
    }

    @Test func aWrongCodeLeavesTheRightOne() async throws {
        let test = try await world()
        let alice = await test.join("alice")
        #expect(await alice.ask("OPER owner CODF") == [":irc.test 464 alice :Password incorrect"])
        #expect(await alice.ask("OPER owner code").first?.contains(" 464 ") == true)
        #expect(try await test.accounts.find(name: "owner") == nil)
        #expect(await alice.ask("OPER owner CODE").first?.contains(" 381 ") == true)
    }

    @Test func somebodyWhoGuessesIsSentAway() async throws {
        let test = try await world()
        let alice = await test.join("alice")
        for number in 0..<10 { #expect(await alice.ask("OPER n\(number) x") == [":irc.test 464 alice :Password incorrect"]) }
        #expect(await alice.ask("OPER owner CODE") == [":irc.test 464 alice :Too many failed attempts, try again later"])
        let bob = await test.join("bob", from: "198.51.100.7")
        #expect(try await test.state.get(OperatorDesk.claimKey) != nil)
        test.clock.advance(by: .seconds(3600))
        #expect(await alice.ask("OPER owner CODE").first?.contains(" 381 ") == true)
        #expect(await bob.ask("OPER owner CODE").first?.contains(" 464 ") == true)
    }

    @Test func whoGoesWhileWaitingGetsNothing() async throws {
        let test = try await world()
        let alice = await test.join("alice")
        alice.sendAtOnce(["OPER owner CODE"])
        alice.disconnect()
        await test.settle()
        #expect(alice.all("381").isEmpty && !alice.client.isOperator)
        #expect(await test.join("bob").ask("OPER owner CODE").first?.contains(" 464 ") == true)
    }

    @Test func theCodeMakesTheFirstOperatorAndIsUsedUp() async throws {
        let test = try await TestWorld()
        try await test.state.set(OperatorDesk.claimKey, Data(try await test.hasher.hash("ABCDE-FGHJK").utf8))
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
        #expect(try await test.state.get(OperatorDesk.claimKey) == nil)
        #expect(await carol.ask("OPER owner ABCDE-FGHJK").first?.contains(" 464 ") == true)
        #expect(await carol.ask("OPER owner \(password)").first?.contains(" 381 ") == true)
    }

    @Test func theCodeOfSomebodyLoggedInIsForThatAccount() async throws {
        let test = try await TestWorld()
        try await test.addAccount("ann", password: "secret")
        try await test.state.set(OperatorDesk.claimKey, Data(try await test.hasher.hash("CODE").utf8))
        let ann = test.connect()
        await ann.send("NICK ann", "AUTHENTICATE PLAIN", "AUTHENTICATE AGFubgBzZWNyZXQ=", "USER a 0 * :A", "OPER x CODE")
        #expect(ann.all("381").count == 1)
        #expect(try await test.accounts.find(name: "ann")?.isOperator == true)
        let again = test.connect()
        await again.send("NICK ann2", "AUTHENTICATE PLAIN", "AUTHENTICATE AGFubgBzZWNyZXQ=", "USER a 0 * :A")
        #expect(again.all("221") == [":irc.test 221 ann2 +ors"])
    }
}
