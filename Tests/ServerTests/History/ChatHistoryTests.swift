import Foundation
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Server

@LoopActor @Suite struct ChatHistoryTests {
    private func texts(_ client: TestClient) -> [Substring] {
        client.all("PRIVMSG").compactMap { $0.split(separator: ":", maxSplits: 2).last }
    }

    @Test func pagesByIDAndTime() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", capabilities: "batch message-tags server-time draft/chathistory")
        await alice.send("JOIN #c")
        for number in 1...5 {
            test.clock.advance(by: .seconds(1))
            await alice.send("PRIVMSG #c :m\(number)")
        }
        _ = await alice.ask("CHATHISTORY LATEST #c * 3")
        #expect(texts(alice) == ["m3", "m4", "m5"])
        #expect(alice.lines.first?.contains("BATCH +") == true && alice.lines.first?.hasSuffix(" chathistory #c") == true)
        #expect(alice.all("PRIVMSG").count == 3 && alice.lines[1].contains("batch="))
        let id = try #require(alice.lines[1].split(separator: ";").first { $0.hasPrefix("msgid=") }?.dropFirst(6).prefix(26))
        _ = await alice.ask("CHATHISTORY BEFORE #c msgid=\(id) 10")
        #expect(texts(alice) == ["m1", "m2"])
        _ = await alice.ask("CHATHISTORY AFTER #c msgid=\(id) 10")
        #expect(texts(alice) == ["m4", "m5"])
        _ = await alice.ask("CHATHISTORY LATEST #c msgid=\(id) 10")
        #expect(texts(alice) == ["m4", "m5"])
        _ = await alice.ask("CHATHISTORY AFTER #c timestamp=2026-01-01T00:00:04.000Z 10")
        #expect(texts(alice) == ["m5"])
        _ = await alice.ask("CHATHISTORY BETWEEN #c timestamp=2026-01-01T00:00:01.000Z timestamp=2026-01-01T00:00:04.000Z 10")
        #expect(texts(alice) == ["m2", "m3"])
        _ = await alice.ask("CHATHISTORY AROUND #c msgid=\(id) 3")
        #expect(texts(alice) == ["m2", "m3", "m4"])
    }

    @Test func survivesARestart() async throws {
        try await withTestDirectory { directory in
            let path = directory.appendingPathComponent("roost.db").path
            let clock = VirtualClock()
            let first = try RoostDatabase(path: path)
            let before = try await TestWorld(database: first, clock: clock)
            let alice = await before.join("alice")
            await alice.send("JOIN #c", "PRIVMSG #c :before")
            await before.world.services.historyWriter.flush()
            try first.close()

            let second = try RoostDatabase(path: path)
            let after = try await TestWorld(database: second, clock: clock)
            let bob = await after.join("bob")
            await bob.send("JOIN #c", "PRIVMSG #c :after")
            _ = await bob.ask("CHATHISTORY LATEST #c * 10")
            #expect(texts(bob) == ["before", "after"])
            try second.close()
        }
    }

    @Test func directMessagesAreForTheTwo() async throws {
        let test = try await TestWorld()
        for name in ["ann", "ben", "eve"] { try await test.addAccount(name, password: "secret") }
        func logIn(_ name: String, _ response: String) async -> TestClient {
            let client = test.connect()
            await client.send("NICK \(name)", "AUTHENTICATE PLAIN", "AUTHENTICATE \(response)", "USER a 0 * :A")
            return client
        }
        let ann = await logIn("ann", "AGFubgBzZWNyZXQ=")
        let ben = await logIn("ben", "AGJlbgBzZWNyZXQ=")
        let eve = await logIn("eve", "AGV2ZQBzZWNyZXQ=")
        await ann.send("PRIVMSG ben :secret one")
        await ben.send("PRIVMSG ann :secret two")
        _ = await ann.ask("CHATHISTORY LATEST ben * 10")
        #expect(texts(ann) == ["secret one", "secret two"])
        _ = await ben.ask("CHATHISTORY LATEST ann * 10")
        #expect(texts(ben) == ["secret one", "secret two"])
        for target in ["ann", "ben"] {
            _ = await eve.ask("CHATHISTORY LATEST \(target) * 10")
            #expect(texts(eve).isEmpty)
        }
        #expect(await ann.ask("CHATHISTORY TARGETS * * 10").filter { $0.contains("TARGETS ben ") }.count == 1)
        #expect(await eve.ask("CHATHISTORY TARGETS * * 10").allSatisfy { !$0.contains("TARGETS ben") })
    }

    /// Whoever takes a guest's nickname later is somebody else.
    @Test func aGuestsMessagesDieWithTheConnection() async throws {
        let test = try await TestWorld()
        let (first, bob) = (await test.join("guest"), await test.join("bob"))
        await bob.send("PRIVMSG guest :for the first one")
        await first.send("QUIT")
        let second = await test.join("guest")
        _ = await second.ask("CHATHISTORY LATEST bob * 10")
        #expect(texts(second).isEmpty)
    }

    @Test func refusalsAreStandardReplies() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        await bob.send("JOIN #c")
        #expect(await alice.ask("CHATHISTORY LATEST #c * 10").first?.contains("FAIL CHATHISTORY INVALID_TARGET LATEST #c") == true)
        #expect(await alice.ask("CHATHISTORY LATEST #none * 10").first?.contains("FAIL CHATHISTORY INVALID_TARGET") == true)
        for (query, answer) in [
            ("", "* :Insufficient parameters"), ("LATEST #c *", "LATEST :Insufficient parameters"),
            ("NONSENSE #c * 10", "NONSENSE :Unknown command"), ("LATEST #c * 10 10", "LATEST :Too many parameters"),
            ("LATEST #c * 0", "LATEST 0 :The limit"), ("LATEST #c x 10", "LATEST x :Expected"),
            ("LATEST #c msgid= 10", "LATEST msgid= :Exp"),
            ("BEFORE #c timestamp=yesterday 10", "BEFORE timestamp=yesterday :Invalid timestamp"),
            ("TARGETS msgid=x timestamp=2026-01-01T00:00:00.000Z 10", "TARGETS msgid=x :TARGETS takes"),
        ] {
            #expect(await bob.ask("CHATHISTORY " + query).first?.hasPrefix(":irc.test FAIL CHATHISTORY INVALID_PARAMS " + answer) == true)
        }
        #expect(await bob.ask("CHATHISTORY AFTER #c label=x 10").first?.contains("FAIL CHATHISTORY INVALID_MSGREFTYPE AFTER #c :") == true)
        #expect(await bob.ask("CHATHISTORY BEFORE #c msgid=none 10").first?.contains("FAIL CHATHISTORY MESSAGE_ERROR BEFORE #c :") == true)
    }

    /// A limit counts from the first bound; freeq clients give two stars and mean people.
    @Test func targetsCountFromTheFirstBound() async throws {
        let test = try await TestWorld()
        let ann = try await test.logIn("ann", in: "#c", capabilities: "batch")
        for name in ["bob", "cleo"] { _ = await test.join(name) }
        for target in ["#c", "bob", "cleo"] {
            test.clock.advance(by: .seconds(1))
            await ann.send("PRIVMSG \(target) :hi")
        }
        let (low, high) = ("timestamp=2020-01-01T00:00:00.000Z", "timestamp=2030-01-01T00:00:00.000Z")
        func targets(_ query: String) async -> [String] {
            await ann.ask("CHATHISTORY TARGETS " + query).compactMap { line in
                line.contains(" TARGETS ") ? line.split(separator: " ").dropFirst(4).first.map(String.init) : nil
            }
        }
        #expect(await targets("\(low) \(high) 2") == ["#c", "bob"])
        #expect(await targets("\(high) \(low) 2") == ["bob", "cleo"])
        #expect(await targets("\(low) * 9") == ["#c", "bob", "cleo"])
        #expect(await targets("* * 9") == ["bob", "cleo"])
        #expect(await targets("* * 1") == ["cleo"])
    }

    /// Who is away from the network is found by the nickname that it had; a namesake of today is somebody else.
    @Test func absentPeopleAreFoundByTheirLastNickname() async throws {
        let test = try await TestWorld()
        let (ann, ben) = (try await test.logIn("ann"), try await test.logIn("ben"))
        await ben.send("NICK benny")
        await ann.send("PRIVMSG benny :one")
        await ben.send("QUIT")
        _ = await ann.ask("CHATHISTORY LATEST Benny * 10")
        #expect(texts(ann) == ["one"])
        _ = await ann.ask("CHATHISTORY LATEST ben * 10")
        #expect(texts(ann) == ["one"])
        let other = await test.join("benny")
        _ = await ann.ask("CHATHISTORY LATEST benny * 10")
        #expect(texts(ann).isEmpty)
        _ = await other.ask("CHATHISTORY LATEST ann * 10")
        #expect(texts(other).isEmpty)
    }

    @Test func aShortPageSaysThatItIsTheEnd() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", in: "#c", capabilities: "batch draft/chathistory")
        await alice.send("PRIVMSG #c :one", "PRIVMSG #c :two")
        #expect(await alice.ask("CHATHISTORY LATEST #c * 3").first?.hasPrefix("@draft/chathistory-end :irc.test BATCH +") == true)
        #expect(await alice.ask("CHATHISTORY LATEST #c * 2").first?.hasPrefix(":irc.test BATCH +") == true)
    }

    @Test func withoutBatchTheLinesComeAlone() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", in: "#c", capabilities: "draft/chathistory")
        await alice.send("PRIVMSG #c :one")
        #expect(await alice.ask("CHATHISTORY LATEST #c * 3") == [":\(alice.client.source) PRIVMSG #c :one"])
    }

    @Test func isAdvertisedAsLongAsHistoryIsKept() async throws {
        let test = try await TestWorld { $0.limits.historyPage = 77 }
        let tokens = ISupport(test.world.configuration).tokens
        #expect(tokens.contains("CHATHISTORY=77") && tokens.contains("MSGREFTYPES=msgid,timestamp"))
        let off = try await TestWorld { $0.history.enabled = false }
        #expect(!ISupport(off.world.configuration).tokens.contains { $0.hasPrefix("CHATHISTORY") })
    }

    /// What belongs to a message of the page but stands elsewhere follows it, and does not count (draft/chathistory-context).
    @Test func whatBelongsToAMessageFollowsIt() async throws {
        let test = try await TestWorld()
        let events = "batch message-tags draft/chathistory"
        let (plain, full) = (
            await test.join("plain", in: "#c", capabilities: events),
            await test.join("full", in: "#c", capabilities: events + " draft/event-playback")
        )
        await plain.send("PRIVMSG #c :first")
        let id = try #require(full.lines.last?.split(separator: "msgid=").last?.prefix(26))
        await plain.send(
            "PRIVMSG #c :second", "@+draft/edit=\(id) PRIVMSG #c :first, better", "@+draft/reply=\(id);+draft/react=x TAGMSG #c")
        await plain.send("PRIVMSG #c :last")
        _ = await full.ask("CHATHISTORY BETWEEN #c timestamp=2000-01-01T00:00:00.000Z timestamp=2099-01-01T00:00:00.000Z 4")
        let shown = full.lines.dropFirst().dropLast()
        let parent = try #require(shown.firstIndex { $0.hasSuffix(":first") })
        #expect(shown[parent + 1].hasSuffix(":first, better") && shown[parent + 1].contains(";draft/chathistory-context;"))
        #expect(shown[parent + 2].contains("TAGMSG #c") && shown[parent + 2].contains(";draft/chathistory-context;"))
        #expect(shown.filter { !$0.contains("draft/chathistory-context") }.count == 4)
        _ = await plain.ask("CHATHISTORY LATEST #c msgid=\(id) 10")
        #expect(!plain.lines.contains { $0.contains("draft/chathistory-context") })
        _ = await plain.ask("CHATHISTORY AROUND #c msgid=\(id) 1")
        #expect(
            plain.lines.count == 4 && plain.lines[2].contains("draft/chathistory-context") && plain.lines[2].hasSuffix(":first, better"))
    }

    /// Long messages of others must not make an answer that cuts off whoever asked.
    @Test func anAnswerFitsTheSendQueue() async throws {
        let test = try await TestWorld { $0.limits.sendQueue = 64 << 10 }
        let alice = await test.join("alice", in: "#c", capabilities: "batch message-tags draft/chathistory draft/multiline")
        for number in 0..<40 {
            await alice.send("BATCH +a draft/multiline #c")
            for _ in 0..<10 { await alice.send("@batch=a PRIVMSG #c :\(number) \(String(repeating: "x", count: 300))") }
            await alice.send("BATCH -a")
        }
        let newest = await alice.ask("CHATHISTORY LATEST #c * 100")
        #expect(alice.session.phase == .registered && newest.contains { $0.contains(" PRIVMSG #c :39 ") })
        #expect(!newest.contains { $0.contains(" PRIVMSG #c :0 ") } && newest.first?.contains("chathistory-end") == false)
        let oldest = await alice.ask("CHATHISTORY AFTER #c timestamp=2000-01-01T00:00:00.000Z 100")
        #expect(oldest.contains { $0.contains(" PRIVMSG #c :0 ") } && !oldest.contains { $0.contains(" PRIVMSG #c :39 ") })
        #expect(alice.session.phase == .registered)
    }
}
