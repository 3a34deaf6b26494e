import Foundation
import IRCProtocol
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Server

/// Every way to read the past shows messages as they stand: with their newest texts, without those that were deleted, with the reactions.
@LoopActor @Suite struct ViewTests {
    enum View: CaseIterable {
        case latest, before, after, around, between, events, plain, plainLatest, playback, joinReplay, catchUp
        case play, histServSearch, search, pins, export
    }

    enum Change: CaseIterable {
        case edit, redact, react
        /// The message and its change do not stand on one page.
        case editOutside, redactOutside

        var isOutside: Bool { self == .editOutside || self == .redactOutside }
    }

    /// What a reader has in the end who knows what it was shown: the texts, and whether there is a reaction.
    private struct Shown {
        /// By the id of the message, or by a number where there is none.
        var texts: [String: String] = [:]
        var hasReaction = false

        init(_ lines: [String]) {
            for (number, line) in lines.enumerated() {
                if line.contains("👍") { hasReaction = true }
                guard line.contains(" PRIVMSG ") || line.contains(" NOTICE ") else { continue }
                let tags = TagSection(raw: line.hasPrefix("@") ? String(line.dropFirst().prefix { $0 != " " }) : "")
                let id = tags.value(of: "+draft/edit") ?? tags.value(of: "msgid") ?? "\(number)"
                texts[id] = line.components(separatedBy: " :").last
            }
        }

        func has(_ text: String) -> Bool { texts.values.contains { $0.contains(text) } }
    }

    @Test(arguments: View.allCases, Change.allCases)
    func messagesAreShownAsTheyStand(_ view: View, _ change: Change) async throws {
        let rows = change.isOutside ? 2 : 20
        let test = try await TestWorld {
            $0.history.joinReplay = view == .joinReplay ? rows : 0
            $0.history.catchUp = rows
        }
        let alice = try await test.logIn("alice", in: "#c", capabilities: "message-tags echo-message draft/message-redaction")
        let reader = try await test.logIn("ann", in: "#c", capabilities: capabilities(of: view))
        if view == .catchUp { await reader.send("NS SET ALWAYS-ON ON") }
        if view == .catchUp, !change.isOutside { await reader.send("QUIT") }

        test.clock.advance(by: .seconds(10))
        let start = test.clock.wallMilliseconds
        test.clock.advance(by: .seconds(1))
        let id = try ChangeTests.id(await alice.ask("PRIVMSG #c :old words").first)
        if view == .pins { await alice.send("PIN #c \(id)") }
        test.clock.advance(by: .seconds(1))
        var end = test.clock.wallMilliseconds
        if view == .catchUp, change.isOutside { await reader.send("QUIT") }
        test.clock.advance(by: .seconds(1))
        let edit = try ChangeTests.id(await alice.ask("@+draft/edit=\(id) PRIVMSG #c :new words").first)
        #expect(edit != id)
        switch change {
        case .edit, .editOutside: break
        case .redact, .redactOutside: await alice.send("REDACT #c \(edit)")
        case .react: await alice.send("@+react=👍;+reply=\(edit) TAGMSG #c")
        }
        await alice.send("PRIVMSG #c :last words")
        test.clock.advance(by: .seconds(1))
        if !change.isOutside { end = test.clock.wallMilliseconds }

        reader.clear()
        let shown = Shown(try await read(view, reader, test, from: start, to: end, rows: rows, author: alice))
        #expect(!shown.has("old words"), "\(shown)")
        let isGone = change == .redact || change == .redactOutside
        // What was said later is not found before that.
        let isFound = !isGone && !(view == .search && change.isOutside)
        #expect(shown.has("new words") == isFound, "\(shown)")
        if view != .pins, !change.isOutside { #expect(shown.has("last words"), "\(shown)") }
        let showsReactions = ![.plain, .plainLatest, .pins].contains(view)
        #expect(shown.hasReaction == (change == .react && showsReactions), "\(shown)")
    }

    private func capabilities(of view: View) -> String {
        switch view {
        case .latest, .before, .after, .around, .between: "message-tags batch server-time draft/chathistory"
        case .events: "message-tags batch server-time draft/chathistory draft/event-playback"
        case .plain, .plainLatest: "batch server-time draft/chathistory"
        case .playback: "znc.in/playback message-tags server-time"
        case .joinReplay, .catchUp: "message-tags server-time"
        case .search: "message-tags batch soju.im/search"
        case .play, .histServSearch, .pins, .export: "message-tags"
        }
    }

    private func read(
        _ view: View, _ reader: TestClient, _ test: TestWorld, from: Int64, to: Int64, rows: Int, author: TestClient
    ) async throws -> [String] {
        let (first, end) = ("timestamp=\(ServerTime.format(from))", "timestamp=\(ServerTime.format(to))")
        let count = rows == 2 ? 1 : rows
        switch view {
        case .latest, .plainLatest: return await reader.ask("CHATHISTORY LATEST #c * \(rows)")
        case .before: return await reader.ask("CHATHISTORY BEFORE #c \(end) 20")
        case .after: return await reader.ask("CHATHISTORY AFTER #c \(first) \(count)")
        case .around: return await reader.ask("CHATHISTORY AROUND #c \(first) \(count)")
        case .between, .plain, .events: return await reader.ask("CHATHISTORY BETWEEN #c \(first) \(end) 20")
        case .playback: return await reader.ask("PRIVMSG *playback :play #c \(Double(from) / 1000) \(Double(to) / 1000)")
        case .joinReplay:
            await reader.send("PART #c", "JOIN #c")
            return reader.lines
        case .catchUp:
            let back = test.connect()
            await back.send("CAP REQ :sasl message-tags server-time", "NICK ann", "USER ann 0 * :a", "AUTHENTICATE PLAIN")
            await back.send("AUTHENTICATE \(Data("\0ann\0secret".utf8).base64EncodedString())", "CAP END")
            return back.lines
        case .play: return await reader.ask("HISTSERV PLAY #c \(rows)")
        case .histServSearch: return await reader.ask("HISTSERV SEARCH #c words")
        case .search:
            return await reader.ask("SEARCH in=#c;text=words" + (rows == 2 ? ";before=\(ServerTime.format(to))" : ""))
        case .pins:
            return try #require(try await test.world.pins(of: "c", for: nil)).pins.map { "@msgid=\($0.msgid) PRIVMSG #c :\($0.text)" }
        case .export:
            let link = try #require(ServiceDeskTests.said(await author.ask("HISTSERV EXPORT"), "HistServ").first)
            let page = try #require(try await test.world.export(token: String(link.split(separator: "=").last ?? ""), after: 0))
            return try page.lines.split(separator: UInt8(ascii: "\n")).map { line in
                let row = try JSONDecoder().decode([String: String?].self, from: Data(line)).compactMapValues(\.self)
                let tags = row["tags"].map { $0.isEmpty ? "" : ";" + $0 } ?? ""
                return "@msgid=\(row["msgid"] ?? "")\(tags) \(row["command"] ?? "") #c :\(row["text"] ?? "")"
            }
        }
    }

    /// A page that is cut because it is too much still ends with the newest text of each message on it.
    @Test(arguments: [true, false]) func aPageThatIsCutShowsTheNewestTexts(newest: Bool) {
        func row(_ sequence: Int64, _ text: String, editing subject: String? = nil) -> StoredMessage {
            StoredMessage(
                sequence: sequence, id: "\(sequence)", conversation: "#c", time: sequence, kind: .privmsg, source: "n!u@h", account: nil,
                tags: "", text: Data(text.utf8), recipient: nil, subject: subject)
        }
        let long = String(repeating: "x", count: 5000)
        let page = [row(1, "old"), row(2, long), row(3, "new", editing: "1")]
        let answer = HistoryAnswer(
            page, subjects: [row(3, "new", editing: "1"), row(4, "newest", editing: "1")],
            reader: .init(view: .spoken, readsContext: true), limit: 10, budget: 1500, newest: newest)
        let shown = answer.messages.flatMap { [$0] + (answer.context[$0.id] ?? []) }
        #expect(shown.map(\.sequence) == (newest ? [3, 4] : [1, 4]) && !answer.isAll)
    }

    /// What is added from another channel to a message does not count.
    @Test func reactionsFromElsewhereDoNotCount() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", in: "#c", capabilities: "message-tags echo-message batch draft/chathistory soju.im/search")
        let id = try ChangeTests.id(await alice.ask("PRIVMSG #c :words").first)
        await alice.send("JOIN #d", "@+react=👎;+reply=\(id) TAGMSG #d", "@+react=👍;+reply=\(id) TAGMSG #c")
        for line in ["CHATHISTORY LATEST #c * 9", "SEARCH in=#c;text=words"] {
            let shown = await alice.ask(line).filter { $0.contains("PRIVMSG") }
            #expect(shown.count == 1 && shown[0].contains("+freeq.at/reactions=👍:alice ") && !shown[0].contains("👎"))
        }
    }

    @Test func aReactionToARevisionIsTakenBackByTheMessage() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", in: "#c", capabilities: "message-tags echo-message batch draft/chathistory")
        let id = try ChangeTests.id(await alice.ask("PRIVMSG #c :one").first)
        let edit = try ChangeTests.id(await alice.ask("@+draft/edit=\(id) PRIVMSG #c :two").first)
        await alice.send("@+react=👍;+reply=\(edit) TAGMSG #c", "@+react=🎉;+reply=\(id) TAGMSG #c")
        func reactions() async -> String {
            (await alice.ask("CHATHISTORY LATEST #c * 9")).filter { $0.contains("PRIVMSG") }.joined()
        }
        #expect(await reactions().contains("👍:alice\\:🎉:alice"))
        await alice.send("@+unreact=👍;+reply=\(id) TAGMSG #c", "@+unreact=🎉;+reply=\(edit) TAGMSG #c")
        #expect(!(await reactions().contains("reactions=")))
    }
}
