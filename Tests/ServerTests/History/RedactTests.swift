import Accounts
import Foundation
import IRCProtocol
import MainLoop
import Store
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

    /// Clients that know no edits show each revision as a message: the newest of these are taken out of sight too, but not all there
    /// ever were.
    @Test func theAnnouncementOfRevisionsIsBounded() async throws {
        let first = try await say(bob, "PRIVMSG #c :0")
        var ids: [String] = []
        for number in 1...DeletionNotice.announcedRevisions + 5 {
            ids.append(try await say(bob, "@+draft/edit=\(first) PRIVMSG #c :\(number)"))
        }
        alice.clear()
        await bob.send("REDACT #c \(first)")
        #expect(DeletionNotice.announcedRevisions == 50)
        let announced = alice.all("REDACT").map { String($0.split(separator: " ").last ?? "") }
        #expect(announced == [first] + ids.suffix(DeletionNotice.announcedRevisions))
        #expect(alice.all("TAGMSG").isEmpty)
    }

    @Test(arguments: ["REDACT", "TAGMSG"])
    func aDIDReachesAllWhoAreLoggedInWithIt(_ verb: String) async throws {
        let did = TestWorld.alice
        let record = try await test.accounts.logIn(did: did, now: 0)
        var partners: [TestClient] = []
        for (nick, capabilities) in [("one", Self.capabilities), ("two", "message-tags")] {
            let client = await test.join(nick, capabilities: capabilities)
            test.world.logIn(client.session, as: .init(record))
            partners.append(client)
        }
        let writer = try await test.logIn("writer", capabilities: Self.capabilities)
        let id = try await say(writer, "PRIVMSG \(did) :hello")
        partners.forEach { $0.clear() }
        await writer.send(verb == "REDACT" ? "REDACT \(did) \(id)" : "@+draft/delete=\(id) TAGMSG \(did)")
        #expect(partners[0].all("REDACT") == [":\(writer.client.source) REDACT \(did) \(id)"] && partners[0].all("TAGMSG").isEmpty)
        #expect(partners[1].all("TAGMSG") == [":\(writer.client.source) TAGMSG \(did)"] && partners[1].all("REDACT").isEmpty)
        #expect(partners[1].last?.contains("+draft/delete=\(id)") == true)
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
