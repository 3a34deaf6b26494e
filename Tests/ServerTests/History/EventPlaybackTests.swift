import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct EventPlaybackTests {
    private static let capabilities = "batch message-tags server-time draft/chathistory draft/event-playback"

    /// The lines of the batch, without tags and the sources' hosts.
    private func history(_ client: TestClient, _ target: String = "#c") async -> [String] {
        await client.ask("CHATHISTORY LATEST \(target) * 50").dropFirst().dropLast().map { line in
            let plain = line.drop { $0 != " " }.dropFirst(2)
            return String(plain.prefix { $0 != "!" } + plain.drop { $0 != " " })
        }
    }

    @Test func everythingThatHappensIsToldInItsOrder() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", in: "#c", capabilities: Self.capabilities)
        let bob = await test.join("bob", in: "#c")
        await bob.send("PRIVMSG #c :hi", "NICK bobby")
        await alice.send("TOPIC #c :news", "MODE #c +mv bobby", "KICK #c bobby :out")
        await bob.send("JOIN #c", "PART #c :bye", "JOIN #c", "PART #c", "JOIN #c", "QUIT :gone")
        #expect(
            await history(alice) == [
                "alice JOIN #c", "bob JOIN #c", "bob PRIVMSG #c :hi", "bob NICK :bobby", "alice TOPIC #c :news",
                "alice MODE #c +mv bobby", "alice KICK #c bobby :out", "bobby JOIN #c", "bobby PART #c :bye", "bobby JOIN #c",
                "bobby PART #c", "bobby JOIN #c", "bobby QUIT :Quit: gone",
            ])
    }

    @Test func whoDoesNotAskForEventsReadsWhatWasSaid() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", in: "#c", capabilities: "batch message-tags draft/chathistory")
        for number in 1...3 { await alice.send("TOPIC #c :t\(number)", "PRIVMSG #c :m\(number)") }
        let lines = await alice.ask("CHATHISTORY LATEST #c * 3")
        #expect(lines.count == 5 && alice.all("PRIVMSG").count == 3)
    }

    @Test func aJoinIsToldInTheFormOfTheReader() async throws {
        let test = try await TestWorld()
        let alice = try await test.logIn("alice", in: "#c", capabilities: Self.capabilities + " extended-join account-tag")
        #expect(await history(alice) == ["alice JOIN #c alice :Alice"])
        #expect(alice.lines[1].contains("account=alice"))
    }

    /// What was live has the time and id that history gives it.
    @Test func liveAndReplayedLinesAgree() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", in: "#c", capabilities: Self.capabilities)
        let live = try #require(await alice.ask("TOPIC #c :news").first)
        let replayed = await alice.ask("CHATHISTORY LATEST #c * 1")[1]
        #expect(live.contains(";msgid=") && replayed.hasSuffix(live.dropFirst()))
    }

    @Test func lastingTagMessagesAreForThoseWhoAskedForEvents() async throws {
        let test = try await TestWorld()
        let alice = try await test.logIn("alice", in: "#c", capabilities: Self.capabilities)
        let bob = try await test.logIn("bob", in: "#c", capabilities: "batch message-tags draft/chathistory")
        await alice.send("@+typing=active TAGMSG #c", "@+a=b;+draft/persist TAGMSG #c", "@+a=c;+draft/persist TAGMSG bob")
        #expect(await history(alice).filter { $0.contains("TAGMSG") } == ["alice TAGMSG #c"])
        #expect(alice.lines.contains { $0.contains(";+a=b;+draft/persist ") })
        #expect(await history(alice, "bob") == ["alice TAGMSG bob"])
        _ = await bob.ask("CHATHISTORY LATEST #c * 50")
        #expect(bob.all("TAGMSG").isEmpty)
    }

    /// Nobody learns from history who sat in a channel unseen.
    @Test func hiddenMembersStayHidden() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", in: "#c", capabilities: Self.capabilities)
        await alice.send("MODE #c +u")
        let bob = await test.join("bob", in: "#c")
        await bob.send("PART #c")
        await alice.send("MODE #c -u+D")
        await bob.send("JOIN #c", "PART #c", "JOIN #c", "PRIVMSG #c :hi", "QUIT")
        #expect(
            await history(alice) == [
                "alice JOIN #c", "alice MODE #c +u", "alice MODE #c -u+D", "bob JOIN #c", "bob PRIVMSG #c :hi", "bob QUIT :Client quit",
            ])
    }

    @Test func eventsCanBeLeftOut() async throws {
        let test = try await TestWorld { $0.history.events = false }
        let alice = await test.join("alice", in: "#c", capabilities: Self.capabilities)
        await alice.send("TOPIC #c :x", "PRIVMSG #c :hi")
        #expect(await history(alice) == ["alice PRIVMSG #c :hi"])
    }
}
