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
}
