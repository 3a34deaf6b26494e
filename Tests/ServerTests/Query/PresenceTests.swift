import IRCProtocol
import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct PresenceTests {
    @Test func awayIsCutAtItsLimit() async throws {
        let test = try await TestWorld { $0.limits.away = 5 }
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        await alice.send("AWAY :ééé")
        #expect(await bob.ask("PRIVMSG alice :x") == [":irc.test 301 bob alice :éé"])
        #expect(await alice.ask("AWAY :") == [":irc.test 305 alice :You are no longer marked as being away"])
    }

    @Test func awayIsNotToldToTheOneWhoLeaves() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", capabilities: "away-notify")
        await alice.send("JOIN #c")
        #expect(await alice.ask("AWAY :x") == [":irc.test 306 alice :You have been marked as being away"])
    }

    @Test func awayIsToldOnceHoweverManyChannelsAreShared() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob", capabilities: "away-notify"))
        for client in [alice, bob] { await client.send("JOIN #a,#b,#c") }
        bob.clear()
        await alice.send("AWAY :x")
        #expect(bob.lines.count == 1)
    }

    @Test func userHostShowsOperatorsAndPresence() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob", from: "198.51.100.9"))
        alice.client.modes.set(.oper, true)
        await alice.send("AWAY :x")
        #expect(await bob.ask("USERHOST alice nobody") == [":irc.test 302 bob :alice*=-~alice@\(alice.client.host)"])
        #expect(await alice.ask("USERHOST BOB") == [":irc.test 302 alice :bob=+~bob@198.51.100.9"])
        #expect(await bob.ask("USERHOST nobody") == [":irc.test 302 bob :"])
        #expect(await bob.ask("USERHOST") == [":irc.test 461 bob USERHOST :Not enough parameters"])
        let ten = await bob.ask("USERHOST " + Array(repeating: "bob", count: 12).joined(separator: " "))
        #expect(ten.flatMap { $0.split(separator: " ") }.count { $0.hasSuffix("bob=+~bob@198.51.100.9") } == 10)
    }

    @Test func isOnNeverCutsAName() async throws {
        let test = try await TestWorld { $0.limits.connectionsPerAddress = 200 }
        let names = (10..<40).map { "nickname-number-\($0)" }
        for name in names { _ = await test.join(name) }
        let alice = await test.join("alice")
        let half = names.prefix(14).joined(separator: " ")
        let lines = await alice.ask("ISON \(half) :" + names.suffix(9).joined(separator: " "))
        #expect(lines.allSatisfy { $0.hasPrefix(":irc.test 303 alice :") && $0.utf8.count <= 510 })
        let shown = lines.flatMap { $0.split(separator: ":")[1].split(separator: " ").map(String.init) }
        #expect(shown == Array(names.prefix(14) + names.suffix(9)))
        #expect(await alice.ask("ISON nobody") == [":irc.test 303 alice :"])
    }

    @Test func awayIsAnnouncedToThoseWhoAsked() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob", capabilities: "away-notify"))
        await alice.send("JOIN #c")
        await bob.send("JOIN #c")
        bob.clear()
        await alice.send("AWAY :gone", "AWAY :gone", "AWAY :")
        #expect(bob.lines == [":\(alice.client.source) AWAY :gone", ":\(alice.client.source) AWAY"])
    }
}
