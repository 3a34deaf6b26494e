import IRCProtocol
import MainLoop
import Store
import Testing

@testable import Server

/// What HistServ deletes goes out of sight too.
@LoopActor @Suite struct HistServTests {
    private let test: TestWorld
    private let (bob, modern, tags, old): (TestClient, TestClient, TestClient, TestClient)

    init() async throws {
        test = try await TestWorld()
        bob = try await test.logIn("bob", in: "#c", capabilities: "message-tags echo-message")
        modern = await test.join("modern", in: "#c", capabilities: "draft/message-redaction message-tags")
        tags = await test.join("tags", in: "#c", capabilities: "message-tags")
        old = await test.join("old", in: "#c")
    }

    private func say(_ line: String) async throws -> String { try ChangeTests.id(await bob.ask(line).first) }

    private func clear() { for client in [bob, modern, tags, old] { client.clear() } }

    /// The commands with which `text` is done, its code included.
    private func confirm(_ text: String) async throws -> ServiceAnswer {
        let code = try await test.administer("histserv", text).last?.split(separator: " ").last ?? ""
        return try await test.world.command("histserv", "\(text) \(code)", by: .administrator("a test"))
    }

    private static let source = ":HistServ!HistServ@irc.test"

    @Test func aDeletedMessageIsTakenOutOfSight() async throws {
        let first = try await say("PRIVMSG #c :helo")
        let second = try await say("@+draft/edit=\(first) PRIVMSG #c :hello")
        clear()
        #expect(try await test.administer("histserv", "DELETE \(first)") == ["Deleted"])
        #expect(modern.lines == [first, second].map { "\(Self.source) REDACT #c \($0)" })
        #expect(tags.lines == ["@+draft/delete=\(first) \(Self.source) TAGMSG #c"])
        #expect(old.lines.isEmpty)
    }

    @Test func whatIsForgottenIsTakenOutOfSight() async throws {
        let ids = [try await say("PRIVMSG #c :one"), try await say("PRIVMSG #c :two")]
        await bob.send("JOIN #empty", "PRIVMSG #empty :three", "PART #empty", "PRIVMSG old :four", "TOPIC #c :five")
        clear()
        #expect(try await !confirm("SAFORGET bob").isRefusal)
        #expect(modern.lines == ids.map { "\(Self.source) REDACT #c \($0)" })
        #expect(tags.lines == ids.map { "@+draft/delete=\($0) \(Self.source) TAGMSG #c" })
        #expect(old.lines.isEmpty)
    }

    /// Of all that somebody ever said the newest is announced.
    @Test func theAnnouncementIsBounded() async throws {
        var ids: [String] = []
        for number in 0..<Forgotten.announced + 5 { ids.append(try await say("PRIVMSG #c :\(number)")) }
        clear()
        #expect(try await !confirm("SAFORGET bob").isRefusal)
        #expect(modern.all("REDACT").map { String($0.split(separator: " ").last ?? "") } == ids.suffix(Forgotten.announced))
    }
}
