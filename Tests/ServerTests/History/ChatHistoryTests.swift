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
        #expect(await bob.ask("CHATHISTORY LATEST #c *").first?.contains("FAIL CHATHISTORY NEED_MORE_PARAMS") == true)
        for query in ["NONSENSE #c * 10", "LATEST #c x 10", "LATEST #c * 0", "BEFORE #c timestamp=yesterday 10"] {
            #expect(await bob.ask("CHATHISTORY " + query).first?.contains("FAIL CHATHISTORY INVALID_PARAMS") == true)
        }
        #expect(await bob.ask("CHATHISTORY BEFORE #c msgid=none 10").first?.contains("FAIL CHATHISTORY") == true)
    }
}
