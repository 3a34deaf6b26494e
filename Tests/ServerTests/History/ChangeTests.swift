import Foundation
import IRCProtocol
import MainLoop
import Store
import Testing

@testable import Server

/// Edits, deletions by tag, and reactions.
@LoopActor @Suite struct ChangeTests {
    private static let capabilities = "message-tags echo-message batch draft/chathistory"

    private let test: TestWorld
    private let (alice, bob): (TestClient, TestClient)

    init() async throws {
        test = try await TestWorld()
        alice = await test.join("alice", in: "#c", capabilities: Self.capabilities)
        bob = await test.join("bob", in: "#c", capabilities: Self.capabilities)
    }

    static func id(_ line: String?) throws -> String {
        String(try #require(line?.split(separator: ";").first { $0.contains("msgid=") }?.split(separator: "=").last?.prefix { $0 != " " }))
    }

    private func say(_ client: TestClient, _ line: String) async throws -> String { try Self.id(await client.ask(line).first) }

    @Test func anEditHasTheFirstId() async throws {
        let first = try await say(bob, "PRIVMSG #c :helo")
        let second = try await say(bob, "@+draft/edit=\(first) PRIVMSG #c :hello")
        alice.clear()
        await bob.send("@+draft/edit=\(second) PRIVMSG #c :hello!")
        #expect(alice.last?.contains("+draft/edit=\(first)") == true && alice.last?.hasSuffix("PRIVMSG #c :hello!") == true)
        let history = await alice.ask("CHATHISTORY LATEST #c * 10").filter { $0.contains("PRIVMSG") }
        #expect(history.count == 3 && history.last?.contains("+draft/edit=\(first)") == true)
    }

    @Test func onlyTheAuthorEdits() async throws {
        let id = try await say(bob, "PRIVMSG #c :mine")
        #expect(
            await alice.ask("@+draft/edit=\(id) PRIVMSG #c :yours")
                == [":irc.test FAIL EDIT AUTHOR_MISMATCH \(id) :Only its author may edit a message"])
        #expect(
            await bob.ask("@+draft/edit=nothing PRIVMSG #c :x")
                == [":irc.test FAIL EDIT MESSAGE_NOT_FOUND nothing :There is no such message"])
        #expect(
            await bob.ask("@+draft/edit=\(id) PRIVMSG #other :x")
                == [":irc.test FAIL EDIT MESSAGE_NOT_FOUND \(id) :There is no such message"])
    }

    @Test func theLabelOfAnEditIsAnswered() async throws {
        await bob.send("CAP REQ :labeled-response")
        let id = try await say(bob, "PRIVMSG #c :helo")
        #expect(await bob.ask("@label=x;+draft/edit=\(id) PRIVMSG #c :hello").first?.contains("label=x") == true)
    }

    @Test func aLongEditIsABatch() async throws {
        await bob.send("CAP REQ :draft/multiline")
        let id = try await say(bob, "PRIVMSG #c :one")
        alice.clear()
        await bob.send("@+draft/edit=\(id) BATCH +1 draft/multiline #c", "@batch=1 PRIVMSG #c :one", "@batch=1 PRIVMSG #c :two", "BATCH -1")
        #expect(alice.lines.count == 2 && alice.lines.first?.contains("+draft/edit=\(id)") == true)
    }

    @Test func deletingByTagDeletesAllRevisions() async throws {
        let first = try await say(bob, "PRIVMSG #c :helo")
        await bob.send("@+draft/edit=\(first) PRIVMSG #c :hello")
        let reader = await test.join("carol", in: "#c", capabilities: "draft/message-redaction message-tags")
        alice.clear()
        #expect(await bob.ask("@+draft/delete=\(first) TAGMSG #c").isEmpty)
        #expect(
            alice.lines.count == 1 && alice.last?.contains("+draft/delete=\(first)") == true && alice.last?.hasSuffix("TAGMSG #c") == true)
        #expect(reader.all("REDACT").count == 2)
        #expect(!(await alice.ask("CHATHISTORY LATEST #c * 10").contains { $0.contains("PRIVMSG") }))
        let again = await bob.ask("@+draft/delete=\(first) TAGMSG #c")
        #expect(again == [":irc.test FAIL DELETE MESSAGE_NOT_FOUND \(first) :This message does not exist or is too old"])
    }

    @Test func othersDoNotDelete() async throws {
        let id = try await say(alice, "PRIVMSG #c :mine")
        #expect(
            await bob.ask("@+draft/delete=\(id) TAGMSG #c")
                == [":irc.test FAIL DELETE AUTHOR_MISMATCH \(id) :You are not authorised to delete this message"])
    }

    @Test func reactionsAreFolded() async throws {
        let id = try await say(bob, "PRIVMSG #c :look")
        await alice.send("@+draft/react=👍;+draft/reply=\(id) TAGMSG #c", "@+react=👍;+reply=\(id) TAGMSG #c")
        await bob.send("@+react=🎉;+reply=\(id) TAGMSG #c", "@+react=👍;+reply=\(id) TAGMSG #c")
        await bob.send("@+freeq.at/unreact=🎉;+reply=\(id) TAGMSG #c")
        let history = await alice.ask("CHATHISTORY LATEST #c * 10").filter { $0.contains("PRIVMSG") }
        #expect(history.count == 1 && history[0].contains("+freeq.at/reactions=👍:alice,bob"))
        let other = await test.join("carol", in: "#c", capabilities: Self.capabilities + " draft/event-playback")
        let events = await other.ask("CHATHISTORY LATEST #c * 20")
        #expect(!events.contains { $0.contains("+freeq.at/reactions") } && events.filter { $0.contains("TAGMSG") }.count == 5)
    }

    @Test func collapsingKeepsTheNewestText() {
        func row(_ id: Character, _ text: String, editing subject: String? = nil) -> StoredMessage {
            StoredMessage(
                sequence: Int64(id.asciiValue ?? 0), id: String(id), conversation: "#c", time: 0, kind: .privmsg, source: "n!u@h",
                account: nil, tags: "",
                text: Data(text.utf8), recipient: nil, subject: subject)
        }
        // The first revision of the last one is on an earlier page.
        let rows = [
            row("a", "one"), row("b", "two", editing: "a"), row("c", "three"), row("d", "four", editing: "a"),
            row("f", "six", editing: "e"),
        ]
        let collapsed = rows.asTheyStand([])
        #expect(collapsed.map { String(decoding: $0.text, as: UTF8.self) } == ["four", "three", "six"])
        #expect(collapsed.map(\.tags) == ["+freeq.at/edited=1", "", ""])
    }

    @Test func reactionsOfOneMessageAreBounded() {
        let rows = (0..<100).map { number in
            StoredMessage(
                sequence: Int64(number), id: "\(number)", conversation: "#c", time: 0, kind: .tagmsg, source: "n\(number)!u@h",
                account: nil,
                tags: "+react=e\(number);+reply=x", text: Data(), recipient: nil, subject: "x")
        }
        #expect(Reactions(rows).tag?.components(separatedBy: "\\:").count == Reactions.limit)
    }

    @Test(arguments: ["yes:alice,carol", "a;b", "a b", ":smile:", "a\u{7}", String(repeating: "x", count: 65)])
    func nobodyMakesUpTheReactionsOfOthers(_ reaction: String) {
        let rows = [reaction, "ok"].enumerated().map { number, text in
            StoredMessage(
                sequence: Int64(number), id: "\(number)", conversation: "#c", time: 0, kind: .tagmsg, source: "mallory!u@h", account: nil,
                tags: "+react=\(TagSection.escape(text));+reply=x", text: Data(), recipient: nil, subject: "x")
        }
        #expect(Reactions(rows).tag == "+freeq.at/reactions=ok:mallory")
    }

    /// All tags of a line together have 4094 bytes (message-tags, "Size limit").
    @Test func theTagOfReactionsIsBounded() {
        let rows = (0..<40).map { number in
            StoredMessage(
                sequence: Int64(number), id: "\(number)", conversation: "#c", time: 0, kind: .tagmsg, source: "n\(number)!u@h",
                account: nil, tags: "+react=\(String(repeating: "é", count: number < 2 ? 2000 : 30))\(number);+reply=x", text: Data(),
                recipient: nil, subject: "x")
        }
        let tag = Reactions(rows).tag ?? ""
        #expect((1000...Reactions.tagLimit + 40).contains(tag.utf8.count))
        #expect(Reactions(Array(rows.prefix(2))).tag == nil)
    }

    @Test func messagesArePinned() async throws {
        let id = try await say(bob, "PRIVMSG #c :rules")
        #expect(await bob.ask("PIN #c \(id)").first?.contains(" 482 ") == true)
        #expect(await alice.ask("PIN #c nothing").first?.contains("FAIL PIN MESSAGE_NOT_FOUND #c nothing") == true)
        bob.clear()
        await alice.send("PIN #c \(id)")
        #expect(bob.last?.contains("+freeq.at/pin=\(id)") == true)
        #expect(await alice.ask("PIN #c \(id)").first?.contains("FAIL PIN ALREADY_PINNED #c \(id)") == true)
        await bob.send("@+draft/edit=\(id) PRIVMSG #c :better rules")
        #expect(await bob.ask("PINS #c").first?.hasPrefix(":irc.test NOTICE bob :PIN #c \(id) by alice ") == true)
        let pins = try #require(try await test.world.pins(of: "c", for: nil))
        #expect(pins.channel == "#c" && pins.pins.map(\.text) == ["better rules"] && pins.pins.map(\.from) == ["bob"])
        await alice.send("MODE #c +k key")
        #expect(try await test.world.pins(of: "c", for: nil) == nil)
        let stranger = await test.join("eve")
        #expect(await stranger.ask("PINS #c").first?.contains(" 442 ") == true)
        bob.clear()
        await alice.send("UNPIN #c \(id)")
        #expect(bob.last?.contains("+freeq.at/unpin=\(id)") == true)
        #expect(await alice.ask("UNPIN #c \(id)").first?.contains("FAIL UNPIN MESSAGE_NOT_FOUND #c \(id)") == true)
    }

    @Test func aDeletedMessageIsPinnedNoMore() async throws {
        let id = try await say(bob, "PRIVMSG #c :rules")
        await alice.send("PIN #c \(id)", "REDACT #c \(id)")
        #expect(test.world.channels["#c"]?.pins.isEmpty == true)
    }

    @Test func pinsAreBounded() async throws {
        let channel = try #require(test.world.channels["#c"])
        channel.pins = (0..<Pin.limit).map { Pin(id: "p\($0)", pinnedBy: "x", pinnedAt: 0) }
        let id = try await say(bob, "PRIVMSG #c :one more")
        #expect(await alice.ask("PIN #c \(id)").first?.contains("FAIL PIN LIMIT_REACHED #c") == true)
    }

    /// With several targets as with one: whoever is not the author changes nothing.
    @Test func othersChangeNothingHoweverManyTargetsThereAre() async throws {
        let id = try await say(alice, "PRIVMSG #c :mine")
        await bob.send("JOIN #d")
        alice.clear()
        _ = await bob.ask("@+draft/edit=\(id) PRIVMSG #c,#d :theirs")
        #expect(bob.lines.contains { $0.contains("FAIL EDIT AUTHOR_MISMATCH \(id)") })
        _ = await bob.ask("@+draft/delete=\(id) TAGMSG #c,#d")
        #expect(!alice.lines.contains { $0.contains("+draft/edit") || $0.contains("+draft/delete") }, "\(alice.lines)")
        #expect(await alice.ask("CHATHISTORY LATEST #c * 5").contains { $0.hasSuffix(" :mine") })
        await alice.send("JOIN #e")
        #expect(await alice.ask("@+draft/edit=\(id) RELAYMSG #e a/b :x").last?.contains("FAIL RELAYMSG INVALID_PARAMS") == true)
    }
}
