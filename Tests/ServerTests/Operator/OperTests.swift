import Accounts
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Server

@LoopActor @Suite struct OperTests {
    @Test func failuresOfOneAddressWait() async throws {
        let test = try await TestWorld()
        try await test.addAccount("root", password: "hunter2", isOperator: true)
        let (alice, bob) = (await test.join("alice"), await test.join("bob", from: "198.51.100.7"))
        for number in 0..<10 { await alice.send("OPER nobody\(number) x") }
        #expect(await alice.ask("OPER root hunter2") == [":irc.test 464 alice :Too many failed attempts, try again later"])
        #expect(await bob.ask("OPER root hunter2").first?.contains(" 381 ") == true)
        test.clock.advance(by: .seconds(120))
        #expect(await alice.ask("OPER root hunter2").first?.contains(" 381 ") == true)
    }

    @Test func aSuspendedOperatorIsNone() async throws {
        let test = try await TestWorld()
        try await test.addAccount("root", password: "hunter2", isOperator: true)
        try await test.accounts.suspend(name: "root")
        let alice = await test.join("alice")
        #expect(await alice.ask("OPER root hunter2") == [":irc.test 464 alice :This account is suspended"])
        #expect(!alice.client.isOperator)
    }

    /// What was shown for the powers counts no more, so they are gone, whoever has them.
    @Test(arguments: ["SAPASSWD root another-secret", "SUSPEND root", "SAUNREGISTER root"])
    func thePowersEndWithWhatGaveThem(_ command: String) async throws {
        let test = try await TestWorld()
        try await test.addAccount("root", password: "hunter2", isOperator: true)
        let mal = try await test.logIn("mal")
        await mal.send("OPER root hunter2")
        #expect(mal.client.isOperator)
        var said = try await test.administer("NickServ", command)
        if let code = said.last?.split(separator: " ").last, command.hasPrefix("SAUN") {
            said = try await test.administer("NickServ", "\(command) \(code)")
        }
        #expect(!mal.client.isOperator && !mal.isClosed && mal.client.identity?.account == "mal", "\(said)")
        #expect(await mal.ask("OS STATUS").first?.contains("is for operators of the server") == true)
    }

    @Test func thePasswordOfADeviceMakesNobodyAnOperator() async throws {
        let test = try await TestWorld()
        let root = try await test.operate("root")
        let said = ServiceDeskTests.said(await root.ask("NS DEVICE ADD phone"), "NickServ")
        let password = try #require(said.first?.split(separator: " ").last)
        let mal = try await test.logIn("mal")
        #expect(await mal.ask("OPER root \(password)") == [":irc.test 464 mal :The password of a device makes nobody an operator"])
        let phone = await test.join("phone")
        await phone.send("NS IDENTIFY root \(password)")
        #expect(phone.client.identity?.account == "root" && !phone.client.isOperator)
    }

    @Test func bothParametersAreNeeded() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        #expect(await alice.ask("OPER root") == [":irc.test 461 alice OPER :Not enough parameters"])
        #expect(await test.connect().ask("OPER root x") == [":irc.test 451 * :You have not registered"])
    }

    @Test func laterLinesWaitForTheVerdict() async throws {
        let test = try await TestWorld()
        try await test.addAccount("root", password: "hunter2", isOperator: true)
        let alice = await test.join("alice")
        alice.sendAtOnce(["OPER root hunter2", "KILL nobody"])
        await test.settle()
        #expect(alice.lines.map { $0.split(separator: " ")[1] } == ["381", "MODE", "008", "900", "401"])
    }

    @Test func aPasswordMakesAnOperatorOfWhoMayBeOne() async throws {
        let test = try await TestWorld()
        try await test.addAccount("root", password: "hunter2", isOperator: true)
        try await test.addAccount("ann", password: "hunter2")
        let alice = await test.join("alice")
        #expect(await alice.ask("OPER root wrong") == [":irc.test 464 alice :Password incorrect"])
        #expect(await alice.ask("OPER ann hunter2").first?.contains(" 464 ") == true)
        let answer = await alice.ask("OPER root hunter2")
        #expect(answer.prefix(2) == [":irc.test 381 alice :You are now an IRC operator", ":irc.test MODE alice :+o"])
        #expect(await alice.ask("MODE alice -o") == [":\(alice.client.source) MODE alice :-so"])
        #expect(await alice.ask("MODE alice +o").isEmpty)
    }

    /// The password is that of an account, which may own channels.
    @Test func whoOperatesIsLoggedIn() async throws {
        let test = try await TestWorld()
        try await test.addAccount("root", password: "hunter2", isOperator: true)
        let alice = await test.join("alice")
        await alice.send("OPER root hunter2")
        #expect(alice.client.identity?.account == "root" && alice.all("900").count == 1)
        let ann = try await test.logIn("ann")
        await ann.send("OPER root hunter2")
        #expect(ann.client.isOperator && ann.client.identity?.account == "ann")
    }
}
