import Foundation
import IRCProtocol
import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct RedactTests {
    private static let capabilities = "draft/message-redaction message-tags echo-message"

    private let test: TestWorld
    private let (alice, bob): (TestClient, TestClient)

    init() async throws {
        test = try await TestWorld()
        alice = await test.join("alice", in: "#c", capabilities: Self.capabilities)
        bob = await test.join("bob", in: "#c", capabilities: Self.capabilities)
    }

    /// Says something and returns its id.
    private func say(_ client: TestClient, _ line: String) async throws -> String {
        let echo = try #require(await client.ask(line).first)
        return String(
            try #require(echo.split(separator: ";").first { $0.contains("msgid=") }?.split(separator: "=").last?.prefix { $0 != " " }))
    }

    @Test func theAuthorMay() async throws {
        let id = try await say(bob, "PRIVMSG #c :oops")
        let carol = await test.join("carol", in: "#c")
        alice.clear()
        #expect(await bob.ask("REDACT #c \(id) :typo").map { $0.drop { $0 != ":" } } == [":\(bob.client.source) REDACT #c \(id) :typo"])
        #expect(alice.lines.first?.hasSuffix(" REDACT #c \(id) :typo") == true)
        #expect(carol.lines.isEmpty)
        #expect(!(await alice.ask("CHATHISTORY LATEST #c * 10").contains { $0.contains("oops") }))
        #expect(await bob.ask("REDACT #c \(id)").first?.contains("FAIL REDACT UNKNOWN_MSGID #c \(id) :") == true)
    }

    @Test func whoRunsTheChannelMayAndOthersMayNot() async throws {
        let (mine, theirs) = (try await say(alice, "PRIVMSG #c :mine"), try await say(bob, "PRIVMSG #c :theirs"))
        #expect(await bob.ask("REDACT #c \(mine)").first?.contains("FAIL REDACT REDACT_FORBIDDEN #c \(mine) :") == true)
        #expect(await alice.ask("REDACT #c \(theirs)").count == 1)
        #expect(await alice.ask("CHATHISTORY LATEST #c * 10").contains { $0.hasSuffix(":mine") })
    }

    /// Whoever has the nickname now is not whoever said it.
    @Test func aNicknameIsNoAuthor() async throws {
        let id = try await say(bob, "PRIVMSG #c :mine")
        bob.disconnect()
        let other = await test.join("bob", in: "#c", capabilities: Self.capabilities)
        #expect(await other.ask("REDACT #c \(id)").first?.contains(" REDACT_FORBIDDEN ") == true)
    }

    @Test func directMessagesAreTheAuthorsOwn() async throws {
        let id = try await say(bob, "PRIVMSG alice :hello")
        #expect(await alice.ask("REDACT bob \(id)").first?.contains(" REDACT_FORBIDDEN ") == true)
        alice.clear()
        #expect(await bob.ask("REDACT alice \(id)").count == 1)
        #expect(alice.lines.first?.hasSuffix(" REDACT alice \(id)") == true)
    }

    @Test func mistakesHaveTheirCodes() async throws {
        let id = try await say(bob, "PRIVMSG #c :x")
        await bob.send("JOIN #d")
        #expect(await bob.ask("REDACT #d \(id)").first?.contains(" UNKNOWN_MSGID ") == true)
        #expect(await bob.ask("REDACT #none \(id)").first?.contains("FAIL REDACT INVALID_TARGET #none :") == true)
        #expect(await bob.ask("REDACT #c nothing").first?.contains(" UNKNOWN_MSGID ") == true)
        #expect(await bob.ask("REDACT #c").first?.contains(" 461 ") == true)
    }
}
