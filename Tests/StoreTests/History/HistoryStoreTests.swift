import Foundation
import GRDB
import Testing

@testable import Store

@Suite struct HistoryStoreTests {
    private func message(
        _ sequence: Int64, in conversation: String = "#c", time: Int64? = nil, recipient: String? = nil, account: String? = nil
    ) -> StoredMessage {
        StoredMessage(
            sequence: sequence, id: "id\(sequence)", conversation: conversation, time: time ?? sequence * 10, kind: .privmsg,
            source: "ann!u@h",
            account: account, tags: "", text: Data("m\(sequence)".utf8), recipient: recipient)
    }

    private func filled(_ count: Int64) async throws -> HistoryStore {
        let store = HistoryStore(try RoostDatabase.inMemory())
        try await store.append((1...count).map { message($0) })
        return store
    }

    private func sequences(_ store: HistoryStore, _ selector: HistorySelector, _ limit: Int = 100, in conversation: String = "#c")
        async throws -> [Int64]
    {
        try await store.page(conversation: conversation, selector, limit: limit).map(\.sequence)
    }

    @Test func pagesLeaveTheirBoundsOut() async throws {
        let store = try await filled(9)
        #expect(try await sequences(store, .latest(after: nil), 3) == [7, 8, 9])
        #expect(try await sequences(store, .latest(after: .id("id7"))) == [8, 9])
        #expect(try await sequences(store, .latest(after: .time(70)), 1) == [9])
        #expect(try await sequences(store, .before(.id("id4")), 2) == [2, 3])
        #expect(try await sequences(store, .before(.time(35)), 2) == [2, 3])
        #expect(try await sequences(store, .after(.id("id4")), 2) == [5, 6])
        #expect(try await sequences(store, .after(.time(40)), 2) == [5, 6])
        #expect(try await sequences(store, .around(.id("id5")), 3) == [4, 5, 6])
        #expect(try await sequences(store, .between(.id("id2"), .id("id6")), 2) == [3, 4])
        #expect(try await sequences(store, .between(.id("id6"), .id("id2")), 2) == [4, 5])
        #expect(try await sequences(store, .latest(after: nil), in: "#other") == [])
    }

    @Test func oneTimeKeepsTheOrderOfWhatWasSaid() async throws {
        let store = HistoryStore(try RoostDatabase.inMemory())
        try await store.append([3, 1, 2].map { message($0, time: 5) })
        #expect(try await sequences(store, .latest(after: nil)) == [1, 2, 3])
        #expect(try await sequences(store, .after(.id("id1"))) == [2, 3])
        #expect(try await sequences(store, .before(.id("id3")), 1) == [2])
    }

    @Test func aForeignMessageIsNoBound() async throws {
        let store = try await filled(3)
        try await store.append([message(4, in: "#secret")])
        await #expect(throws: HistoryError.unknownMessage) { try await store.page(conversation: "#c", .before(.id("id4")), limit: 5) }
    }

    @Test func storingTwiceIsHarmless() async throws {
        let store = try await filled(3)
        try await store.append([message(2), message(4)])
        #expect(try await sequences(store, .latest(after: nil)) == [1, 2, 3, 4])
        #expect(try await store.newest().sequence == 4)
    }

    @Test func oldMessagesArePruned() async throws {
        let store = try await filled(10)
        #expect(try await store.prune(before: 50, limit: 3) == 3)
        #expect(try await store.prune(before: 50) == 1)
        #expect(try await sequences(store, .latest(after: nil)) == [5, 6, 7, 8, 9, 10])
    }

    @Test func targetsAreOnesOwnConversations() async throws {
        let store = HistoryStore(try RoostDatabase.inMemory())
        let direct = Conversation.direct("ann", "ben")
        try await store.append([
            message(1, in: direct, recipient: "benny", account: "ann"),
            message(2, in: Conversation.direct("ann", "guest:5"), recipient: "g", account: "ann"),
            message(3, in: "#c"),
        ])
        let targets = try await store.targets(of: "ann", channels: ["#c", "#empty"], from: 0, to: 1000, limit: 10)
        #expect(targets.map(\.name) == ["benny", "g", "#c"])
        #expect(targets.first?.correspondent == "ben")
        #expect(try await store.targets(of: "ben", channels: [], from: 0, to: 1000, limit: 10).map(\.name) == ["ann"])
        #expect(try await store.targets(of: "eve", channels: [], from: 0, to: 1000, limit: 10).isEmpty)
        #expect(try await store.targets(of: "ann", channels: ["#c"], from: 10, to: 30, limit: 10).map(\.name) == ["g"])
    }

    /// A page is one range of one index: it costs the same however long the history is.
    @Test(arguments: [(HistoryView.spoken, "message_spoken"), (.everything, "message_order")], [true, false])
    func pagesUseTheIndexInOrder(_ view: (HistoryView, String), newestFirst: Bool) async throws {
        let database = try RoostDatabase.inMemory()
        let plan = try await database.writer.read { db in
            try Row.fetchAll(
                db, sql: "EXPLAIN QUERY PLAN " + HistoryStore.pageSQL(view.0, newestFirst: newestFirst),
                arguments: ["#c", 0, 0, 9, 9, 5]
            ).map { $0["detail"] as String }
        }
        #expect(plan.count == 1 && plan[0].hasPrefix("SEARCH message USING INDEX \(view.1) (conversation=? AND "))
        #expect(plan[0].contains("time>") && plan[0].contains("time<"))
    }

    /// A search reads the index of words from its end and stops when it has enough; nothing is sorted.
    @Test(arguments: ["word", ""])
    func searchesSortNothing(_ text: String) async throws {
        let database = try RoostDatabase.inMemory()
        var search = HistorySearch()
        (search.text, search.sender) = (text, "ann")
        let query = HistoryStore.searchQuery(search, in: ["#c", "#d"], directOf: "ann")
        let plan = try await database.writer.read { db in
            try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + query.sql, arguments: query.arguments).map { $0["detail"] as String }
        }
        #expect(!plan.contains { $0.contains("TEMP B-TREE") || $0.contains("MATERIALIZE") }, "\(plan)")
    }

    @Test func onlyWhatIsSaidIsForEverybody() async throws {
        let store = try await filled(3)
        var (joined, tagged) = (message(4), message(5))
        (joined.kind, tagged.kind) = (.join, .tagmsg)
        joined.parameters = "ann"
        try await store.append([joined, tagged])
        #expect(try await sequences(store, .latest(after: nil), 2) == [2, 3])
        let all = try await store.page(conversation: "#c", .latest(after: nil), view: .everything, limit: 3)
        #expect(all.map(\.sequence) == [3, 4, 5] && all[1].kind == .join && all[1].parameters == "ann")
        #expect(try await sequences(store, .before(.id("id5")), 1) == [3])
        #expect(try await store.targets(of: "x", channels: ["#c"], from: 0, to: 100, limit: 1).first?.latest == 30)
    }

    @Test func conversationsOfTwoHaveOneKey() {
        #expect(Conversation.direct("Ann", "ben") == Conversation.direct("ben", "ann"))
        #expect(Conversation.direct("ann", "ben") != Conversation.direct("ann", "bea"))
        #expect(Conversation.other(than: "BEN", in: Conversation.direct("ann", "ben")) == "ann")
        #expect(Conversation.other(than: "eve", in: Conversation.direct("ann", "ben")) == nil)
    }

    private func change(_ sequence: Int64, of subject: String, _ kind: StoredMessage.Kind = .privmsg, in conversation: String = "#c")
        -> StoredMessage
    {
        var row = message(sequence, in: conversation)
        (row.kind, row.subject) = (kind, subject)
        return row
    }

    /// Retention by count counts what was said: not reactions, not events, not later texts of the same message.
    @Test func onlyMessagesCountForRetention() async throws {
        let store = try await filled(3)
        try await store.append([
            change(4, of: "id3"), change(5, of: "id3", .tagmsg), change(6, of: "id3"), message(7), change(8, of: "id7", .tagmsg),
        ])
        var joined = message(9)
        joined.kind = .join
        try await store.append([joined])
        #expect(try await store.prune("#c", keeping: 2, since: nil) == 2)
        let rest = try await store.page(conversation: "#c", .latest(after: nil), view: .everything, limit: 100)
        #expect(rest.map(\.sequence) == [3, 4, 5, 6, 7, 8, 9])
        #expect(try await store.prune("#c", keeping: 2, since: nil) == 0)
    }

    @Test func whoForgetsForgetsWithWhomItTalked() async throws {
        let store = HistoryStore(try RoostDatabase.inMemory())
        let direct = Conversation.direct("ann", "ben")
        try await store.append([message(1, in: direct, recipient: "ben", account: "Ann")])
        #expect(try await store.targets(of: "ann", channels: [], from: 0, to: 1000, limit: 10).count == 1)
        #expect(try await store.forget(account: "Ann").map(\.id) == ["id1"])
        #expect(try await store.targets(of: "ann", channels: [], from: 0, to: 1000, limit: 10).isEmpty)
    }

    @Test func whatIsAboutARevisionIsAboutTheMessage() async throws {
        let store = try await filled(2)
        try await store.append([change(3, of: "id1"), change(4, of: "id3", .tagmsg), change(5, of: "id3", .tagmsg, in: "#d")])
        #expect(try await store.find(id: "id4")?.subject == "id1")
        #expect(try await store.find(id: "id5")?.subject == "id3")
    }

    /// An edit that was on its way while its message was deleted does not bring it back.
    @Test func nothingIsEditedThatIsGone() async throws {
        let store = try await filled(1)
        #expect(try await store.delete(root: "id1") == ["id1"])
        try await store.append([change(2, of: "id1")])
        #expect(try await store.find(id: "id2") == nil)
    }

    @Test func aPageComesWithTheNewestTextsAndTheReactions() async throws {
        let store = try await filled(3)
        try await store.append([
            change(4, of: "id1"), change(5, of: "id2"), change(6, of: "id1"), change(7, of: "id1", .tagmsg),
            change(8, of: "id1", .tagmsg, in: "#d"),
        ])
        let (page, subjects) = try await store.pageWithSubjects(conversation: "#c", .before(.id("id4")), limit: 10)
        #expect(page.map(\.sequence) == [1, 2, 3] && subjects.map(\.sequence) == [5, 6, 7])
        // Of a page that has only an early revision too.
        let early = try await store.pageWithSubjects(conversation: "#c", .after(.id("id3")), limit: 1)
        #expect(early.messages.map(\.sequence) == [4] && early.subjects.map(\.sequence) == [6, 7])
        let pins = try await store.messagesWithSubjects(ids: ["id1", "none"], in: "#c")
        #expect(pins.messages.map(\.sequence) == [1] && pins.subjects.map(\.sequence) == [6, 7])
    }

    /// What belongs to a page is looked up by message, however long the history is.
    @Test func whatBelongsToMessagesIsFoundByIndex() async throws {
        let database = try RoostDatabase.inMemory()
        let plans = try await database.writer.read { db in
            try [HistoryStore.revisionSQL, HistoryStore.reactionSQL].map { sql in
                try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + sql, arguments: ["a", "b"]).map { $0["detail"] as String }
            }
        }
        #expect(plans[0].contains("SEARCH message USING INTEGER PRIMARY KEY (rowid=?)"), "\(plans[0])")
        #expect(plans[0].contains { $0.hasPrefix("SEARCH revision USING INDEX message_revision (subject=?)") }, "\(plans[0])")
        #expect(plans[1].contains { $0.hasPrefix("SEARCH message USING INDEX message_subject (subject=?)") }, "\(plans[1])")
        for plan in plans { #expect(!plan.contains { $0.hasPrefix("SCAN message") || $0.hasPrefix("SCAN revision") }, "\(plan)") }
    }

    /// Databases of before that have reactions under revisions.
    @Test func reactionsToRevisionsMoveToTheMessage() async throws {
        let database = try RoostDatabase.inMemory()
        let store = HistoryStore(database)
        try await store.append([message(1), change(2, of: "id1"), change(3, of: "id1", .tagmsg), change(4, of: "id9", .tagmsg)])
        try await database.writer.write { db in
            try db.execute(
                sql: """
                    UPDATE message SET subject = 'id2' WHERE id = 'id3';
                    DROP INDEX message_revision;
                    DELETE FROM grdb_migrations WHERE identifier = 'history.revisions';
                    """)
        }
        try Schema.migrate(database.writer)
        #expect(try await store.find(id: "id3")?.subject == "id1")
        #expect(try await store.find(id: "id4")?.subject == "id9")
    }
}
