import IRCProtocol
import MainLoop
import Testing

@testable import Server

/// What operators may do to people, channels and the server.
@LoopActor @Suite struct OverrideTests {
    @Test func everyOperatorCommandNeedsAnOperator() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        for command in CommandTable.standard.all where command.needsOperator {
            let line = ([command.verb.text] + Array(repeating: "x", count: command.minimumParameters)).joined(separator: " ")
            #expect(await alice.ask(line) == [":irc.test 481 alice :Permission Denied- You're not an IRC operator"])
        }
    }

    @Test func peopleAreMoved() async throws {
        let test = try await TestWorld()
        let (root, alice, bob) = (try await test.operate("root"), await test.join("alice", in: "#c"), await test.join("bob"))
        await alice.send("MODE #c +i")
        await root.send("SAJOIN bob #c,#new")
        #expect(bob.client.channels.keys.sorted() == ["#c", "#new"])
        await root.send("SAPART bob #c,#new :out")
        #expect(bob.last == ":\(bob.client.source) PART #new :out")
        await root.send("SANICK bob robert")
        #expect(bob.last == ":bob!\(bob.client.user)@\(bob.client.host) NICK :robert")
        #expect(await root.ask("SANICK robert alice").first?.contains(" 433 ") == true)
        #expect(await root.ask("SANICK robert #x").first?.contains(" 432 ") == true)
        #expect(await root.ask("SAJOIN nobody #c").first?.contains(" 401 ") == true)
        #expect(await root.ask("SAJOIN robert bad").first?.contains(" 403 ") == true)
        #expect(await root.ask("SAPART robert #c").first?.contains(" 441 ") == true)
    }

    @Test func modesAreChangedWithoutARank() async throws {
        let test = try await TestWorld()
        let (root, alice) = (try await test.operate("root"), await test.join("alice", in: "#c"))
        let line = ":\(root.client.source) MODE #c +m-o alice"
        #expect(await root.ask("SAMODE #c +m-o alice") == [line])
        #expect(alice.last == line)
        #expect(await root.ask("SAMODE #none +m").first?.contains(" 403 ") == true)
    }

    @Test func wallopsReachThoseWhoWantThem() async throws {
        let test = try await TestWorld()
        let (root, alice, bob) = (try await test.operate("root"), await test.join("alice"), await test.join("bob"))
        await alice.send("MODE alice +w")
        for client in [alice, bob] { client.clear() }
        await root.send("WALLOPS :maintenance at noon")
        #expect(alice.lines == [":\(root.client.source) WALLOPS :maintenance at noon"])
        #expect(bob.lines.isEmpty)
        #expect(await root.ask("WALLOPS :").first?.contains(" 461 ") == true)
    }

    @Test func statistics() async throws {
        let test = try await TestWorld()
        let (root, alice) = (try await test.operate("root"), await test.join("alice"))
        #expect(
            await alice.ask("STATS u") == [":irc.test 242 alice :Server Up 0 days 0:00:00", ":irc.test 219 alice u :End of /STATS report"])
        #expect(await alice.ask("STATS l").first?.contains(" 481 ") == true)
        #expect(await root.ask("STATS l").filter { $0.contains(" 211 root ") }.count == 2)
        #expect(await root.ask("STATS m").contains { $0.hasPrefix(":irc.test 212 root NICK 2") })
        #expect(await root.ask("STATS o").first?.hasPrefix(":irc.test 243 root O \(root.client.user)@") == true)
        #expect(await root.ask("STATS") == [":irc.test 219 root * :End of /STATS report"])
    }

    @Test func anOperatorMayHide() async throws {
        let test = try await TestWorld()
        let (root, alice) = (try await test.operate("root"), await test.join("alice"))
        #expect(await alice.ask("WHOIS root").contains { $0.contains(" 313 ") })
        await root.send("MODE root +H")
        #expect(!(await alice.ask("WHOIS root").contains { $0.contains(" 313 ") }))
        #expect(await alice.ask("USERHOST root").first?.contains("root=") == true)
        #expect(await alice.ask("MODE alice +H").isEmpty)
    }

    @Test func theServerIsStoppedByItsName() async throws {
        let test = try await TestWorld()
        let (root, control) = (try await test.operate("root"), RecordingControl())
        test.world.control = control
        #expect(await root.ask("DIE").first?.contains("give the name of this server: DIE irc.test") == true)
        #expect(control.stops.isEmpty)
        await root.send("DIE irc.test")
        await root.send("RESTART IRC.test")
        #expect(control.stops == ["Stopped by root false", "Restarted by root true"])
    }

    @Test func rehashTellsWhatChanged() async throws {
        let test = try await TestWorld()
        let (root, control) = (try await test.operate("root"), RecordingControl())
        test.world.control = control
        #expect(
            await root.ask("REHASH") == [
                ":irc.test 382 root roost.toml :Rehashing", ":irc.test NOTICE root :No setting has changed.",
            ])
    }

    private final class RecordingControl: ServerControl {
        var stops: [String] = []

        func rehash() async -> [String] { ["No setting has changed."] }

        func stop(reason: String, restarting: Bool) { stops.append("\(reason) \(restarting)") }
    }
}
