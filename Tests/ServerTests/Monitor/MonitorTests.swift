import IRCProtocol
import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct MonitorTests {
    @Test func addingTellsWhoIsHereAndWhoIsNot() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        #expect(
            await alice.ask("MONITOR + BOB,carol,bob") == [
                ":irc.test 730 alice :\(bob.client.source)", ":irc.test 731 alice :carol",
            ])
        #expect(await alice.ask("MONITOR + bob").isEmpty)
        #expect(
            await alice.ask("MONITOR S") == [":irc.test 730 alice :\(bob.client.source)", ":irc.test 731 alice :carol"])
        #expect(
            await alice.ask("MONITOR L") == [":irc.test 732 alice :BOB,carol", ":irc.test 733 alice :End of MONITOR list"])
    }

    @Test func comingGoingAndRenamingAreTold() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        await alice.send("MONITOR + bob,robert")
        alice.clear()
        let bob = await test.join("bob")
        #expect(alice.lines == [":irc.test 730 alice :\(bob.client.source)"])
        alice.clear()
        await bob.send("NICK BOB")
        #expect(alice.lines.isEmpty)
        await bob.send("NICK robert")
        #expect(alice.lines == [":irc.test 731 alice :BOB", ":irc.test 730 alice :\(bob.client.source)"])
        alice.clear()
        await bob.send("QUIT")
        #expect(alice.lines == [":irc.test 731 alice :robert"])
    }

    /// A connection that has a nickname and has not been greeted yet is nobody.
    @Test func whoIsStillRegisteringIsNotHere() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        let bob = test.connect()
        await bob.send("NICK bob")
        #expect(await alice.ask("MONITOR + bob") == [":irc.test 731 alice :bob"])
        alice.clear()
        await bob.send("QUIT")
        #expect(alice.lines.isEmpty)
    }

    @Test func removingAndClearingAreSilentAndEndIt() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        await alice.send("MONITOR + bob,carol")
        #expect(await alice.ask("MONITOR - BOB,nobody").isEmpty)
        #expect(await alice.ask("MONITOR L").first == ":irc.test 732 alice :carol")
        #expect(await alice.ask("MONITOR C").isEmpty)
        #expect(await alice.ask("MONITOR L") == [":irc.test 733 alice :End of MONITOR list"])
        alice.clear()
        _ = await test.join("bob")
        #expect(alice.lines.isEmpty)
    }

    @Test func aFullListTellsWhatFoundNoRoom() async throws {
        let test = try await TestWorld { $0.limits.monitor = 2 }
        let alice = await test.join("alice")
        #expect(
            await alice.ask("MONITOR + a,b,C,d") == [
                ":irc.test 734 alice 2 C,d :Monitor list is full.", ":irc.test 731 alice :a,b",
            ])
        await alice.send("MONITOR - a")
        #expect(await alice.ask("MONITOR + d") == [":irc.test 731 alice :d"])
        let tokens = ISupport(test.world.configuration).tokens
        #expect(tokens.contains("MONITOR=2"))
    }

    @Test func masksAndNonsenseAreRefused() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        #expect(await alice.ask("MONITOR + *!x@y") == [":irc.test 432 alice *!x@y :Erroneous nickname"])
        #expect(await alice.ask("MONITOR +") == [":irc.test 461 alice MONITOR :Not enough parameters"])
        #expect(await alice.ask("MONITOR X").first?.hasPrefix(":irc.test 400 alice MONITOR :") == true)
    }

    @Test func longListsAreCutBetweenNames() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        let names = (10..<60).map { "some-long-nickname-\($0)" }
        for start in stride(from: 0, to: 50, by: 10) {
            await alice.send("MONITOR + " + names[start..<start + 10].joined(separator: ","))
        }
        let lines = await alice.ask("MONITOR L").filter { $0.contains(" 732 ") }
        #expect(lines.allSatisfy { $0.utf8.count <= 510 })
        #expect(lines.flatMap { $0.split(separator: ":")[1].split(separator: ",").map(String.init) } == names)
    }

    @Test func nothingIsLeftOfAWatcherThatIsGone() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        await alice.send("MONITOR + bob")
        #expect(test.world.watches.of("bob").count == 1)
        await alice.send("QUIT")
        #expect(test.world.watches.of("bob").isEmpty)
    }

    @Test(arguments: [
        ("away-notify", "AWAY :lunch", "AWAY :lunch"), ("setname", "SETNAME :New", "SETNAME :New"),
    ])
    func changesGoToThoseWhoWatch(_ capability: String, _ command: String, _ event: String) async throws {
        let test = try await TestWorld()
        let bob = await test.join("bob", in: "#c")
        let alice = await test.join("alice", capabilities: "extended-monitor \(capability)")
        let carol = await test.join("carol", capabilities: capability)
        let dave = await test.join("dave", capabilities: "extended-monitor")
        let erin = await test.join("erin", in: "#c", capabilities: "extended-monitor \(capability)")
        for watcher in [alice, carol, dave, erin] {
            await watcher.send("MONITOR + bob")
            watcher.clear()
        }
        await bob.send(command)
        #expect(alice.lines == [":\(bob.client.source) \(event)"])
        #expect(carol.lines.isEmpty && dave.lines.isEmpty)
        #expect(erin.lines.count == 1)
    }

    @Test func loginsGoToThoseWhoWatch() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", capabilities: "extended-monitor account-notify chghost")
        await alice.send("MONITOR + bob")
        _ = try await test.logIn("bob")
        #expect(alice.all("ACCOUNT").count == 1 && alice.all("CHGHOST").count == 1)
    }
}
