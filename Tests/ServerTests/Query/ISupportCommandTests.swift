import IRCProtocol
import MainLoop
import Testing

@testable import Server

/// draft/extended-isupport, draft/ICON.
@LoopActor @Suite struct ISupportCommandTests {
    @Test func itAnswersBeforeTheGreetingForThoseWhoKnowIt() async throws {
        let test = try await TestWorld()
        let client = test.connect()
        #expect(await client.ask("ISUPPORT") == [":irc.test 451 * :You have not registered"])
        await client.send("CAP REQ :batch draft/extended-isupport")
        let lines = await client.ask("ISUPPORT")
        #expect(lines.first == ":irc.test BATCH +1 draft/isupport" && lines.last == ":irc.test BATCH -1")
        #expect(lines.dropFirst().dropLast().allSatisfy { $0.hasPrefix("@batch=1 :irc.test 005 * ") })
    }

    @Test func allOf005IsBatchedForThem() async throws {
        let test = try await TestWorld()
        let alice = test.connect()
        await alice.send("CAP REQ :batch draft/extended-isupport", "NICK alice", "USER a 0 * :A", "CAP END")
        #expect(alice.all("005").count == alice.lines.filter { $0.hasPrefix("@batch=") }.count)
        #expect(await alice.ask("VERSION").filter { $0.contains(" 005 ") }.allSatisfy { $0.hasPrefix("@batch=") })
        alice.clear()
        var configuration = test.world.configuration
        configuration.icon = "https://example.com/a=b.png"
        test.world.reconfigure(configuration)
        await test.settle()
        #expect(alice.lines.count == 3 && alice.lines[1].contains(" 005 alice draft/ICON=https://example.com/a\\x3Db.png :"))
    }

    @Test func whoDoesNotKnowItGetsTheLinesAlone() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", capabilities: "batch")
        let lines = await alice.ask("ISUPPORT")
        #expect(!lines.isEmpty && lines.allSatisfy { $0.hasPrefix(":irc.test 005 alice ") && $0.utf8.count <= 510 })
        #expect(lines.allSatisfy { $0.split(separator: ":")[1].split(separator: " ").count <= 16 })
    }
}
