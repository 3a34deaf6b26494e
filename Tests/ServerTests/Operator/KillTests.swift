import Foundation
import IRCProtocol
import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct KillTests {
    @Test func onlyThosePresentLearnOfIt() async throws {
        let test = try await TestWorld()
        let (alice, bob, carol) = (await test.join("alice"), await test.join("bob"), await test.join("carol"))
        alice.client.modes.set(.oper, true)
        await bob.send("JOIN #c")
        #expect(await alice.ask("KILL BOB").isEmpty)
        #expect(
            bob.lines.suffix(2) == [
                ":\(alice.client.source) KILL bob :No reason given",
                "ERROR :Closing link: 192.0.2.1 (Killed (alice (No reason given)))",
            ])
        #expect(bob.isClosed && carol.lines.isEmpty)
        #expect(test.world.channels["#c"] == nil)
        #expect(await test.join("bob").nick == "bob")
    }

    @Test func anOperatorMayEndItself() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", capabilities: "labeled-response batch")
        alice.client.modes.set(.oper, true)
        await alice.send("@label=x KILL alice :bye")
        #expect(alice.isClosed && alice.last == "ERROR :Closing link: 192.0.2.1 (Killed (alice (bye)))")
        #expect(test.world.clients.count == 0 && test.world.clients.isEmpty)
    }

    @Test func reasonsAreCut() async throws {
        let test = try await TestWorld { $0.limits.kick = 5 }
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        alice.client.modes.set(.oper, true)
        await alice.send("KILL bob :abcdefgh")
        #expect(bob.last?.hasSuffix("(Killed (alice (abcde)))") == true)
    }

    @Test func whoIsStillRegisteringIsNotFound() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), test.connect())
        alice.client.modes.set(.oper, true)
        await bob.send("NICK bob")
        #expect(await alice.ask("KILL bob :x") == [":irc.test 401 alice bob :No such nick/channel"])
        #expect(!bob.isClosed)
    }

    /// What was being worked out for somebody who was killed meanwhile is dropped.
    @Test func aVictimMayBeWaiting() async throws {
        let test = try await TestWorld()
        try await test.addAccount("root", password: "hunter2", isOperator: true)
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        alice.client.modes.set(.oper, true)
        bob.sendAtOnce(["OPER root hunter2", "JOIN #c"])
        alice.sendAtOnce(["KILL bob :x"])
        await test.settle()
        #expect(bob.isClosed && bob.all("381").isEmpty && test.world.channels.isEmpty)
    }

    @Test func killEndsAConnection() async throws {
        let test = try await TestWorld()
        try await test.addAccount("root", password: "hunter2", isOperator: true)
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        await alice.send("JOIN #c", "OPER root hunter2")
        await bob.send("JOIN #c")
        #expect(await alice.ask("KILL irc.test :x").first?.contains(" 483 ") == true)
        #expect(await alice.ask("KILL bob :spam") == [":bob!~bob@\(bob.client.host) QUIT :Killed (alice (spam))"])
        #expect(bob.isClosed && bob.last == "ERROR :Closing link: 192.0.2.1 (Killed (alice (spam)))")
    }
}
