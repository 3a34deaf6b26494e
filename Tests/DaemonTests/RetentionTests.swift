import Foundation
import Store
import Testing

@testable import Daemon

@Suite struct RetentionTests {
    private let day: Int64 = 86_400_000

    private func history(ages: [Int64], now: Int64) async throws -> HistoryStore {
        let store = HistoryStore(try RoostDatabase.inMemory())
        try await store.append(
            ages.enumerated().map { index, age in
                StoredMessage(
                    sequence: Int64(index + 1), id: "id\(index)", conversation: "#nest", time: now - age, kind: .privmsg,
                    source: "wren!wren@host", account: nil, tags: "", text: Data("hello".utf8), recipient: nil)
            })
        return store
    }

    @Test func deletesWhatIsTooOldAndNothingElse() async throws {
        let now: Int64 = 100 * day
        let store = try await history(ages: [9 * day, 8 * day, 7 * day, 6 * day, 0], now: now)
        #expect(try await Retention.prune(store, days: 7, now: now, portion: 1) == 2)
        let left = try await store.page(conversation: "#nest", .latest(after: nil), limit: 10)
        #expect(left.map(\.id) == ["id2", "id3", "id4"])
        #expect(try await Retention.prune(store, days: 7, now: now) == 0)
    }

    @Test func zeroKeepsEverything() async throws {
        let store = try await history(ages: [99 * day], now: 100 * day)
        #expect(try await Retention.prune(store, days: 0, now: 100 * day) == 0)
        #expect(try await store.page(conversation: "#nest", .latest(after: nil), limit: 10).count == 1)
    }
}

@Suite struct RetentionByCountTests {
    private let day: Int64 = 86_400_000

    private func history() async throws -> HistoryStore {
        let store = HistoryStore(try RoostDatabase.inMemory())
        try await store.append(
            ["#a", "#b"].enumerated().flatMap { place, name in
                (0..<5).map { number in
                    StoredMessage(
                        sequence: Int64(place * 10 + number + 1), id: "\(name)\(number)", conversation: name, time: Int64(number) * day,
                        kind: .privmsg, source: "wren!wren@host", account: nil, tags: "", text: Data("hello".utf8), recipient: nil)
                }
            })
        return store
    }

    private func left(_ store: HistoryStore, _ name: String) async throws -> [String] {
        try await store.page(conversation: name, .latest(after: nil), limit: 10).map(\.id)
    }

    @Test func eachConversationKeepsSoMany() async throws {
        let store = try await history()
        #expect(try await Retention.prune(store, messages: 3, rules: [:], now: 5 * day, portion: 1) == 4)
        #expect(try await left(store, "#a") == ["#a2", "#a3", "#a4"])
        #expect(try await left(store, "#b") == ["#b2", "#b3", "#b4"])
    }

    @Test func aChannelMayKeepFewer() async throws {
        let store = try await history()
        #expect(try await Retention.prune(store, messages: 0, rules: ["#a": (2, nil), "#b": (nil, 1)], now: 4 * day) == 6)
        #expect(try await left(store, "#a") == ["#a3", "#a4"])
        #expect(try await left(store, "#b") == ["#b3", "#b4"])
    }

    @Test func aChannelDoesNotKeepMore() async throws {
        let store = try await history()
        #expect(try await Retention.prune(store, messages: 1, rules: ["#a": (4, nil)], now: 4 * day) == 8)
    }

    @Test func withoutRulesNothingIsLookedAt() async throws {
        let store = try await history()
        #expect(try await Retention.prune(store, messages: 0, rules: [:], now: 100 * day) == 0)
    }
}

@Suite struct CodeExpiryTests {
    private let day: Int64 = 86_400_000

    @Test func codesThatCameByMailAreDeletedInTheRound() async throws {
        try await withFixture { fixture in
            try await fixture.withDaemon { daemon in
                let accounts = await daemon.ground.accounts
                let now = Int64(Date().timeIntervalSince1970 * 1000)
                let new = MailedCode(.registration, ofAccount: "wren", hash: Data([1]))
                let old = MailedCode(.registration, ofAccount: "robin", hash: Data([2]))
                for (code, time) in [(new, now), (old, now - 2 * day)] { _ = try await accounts.open(code, now: time, limit: 10) }
                await Retention.start(daemon: daemon).value
                #expect(try await accounts.document(of: old, now: 0) == nil)
                #expect(try await accounts.document(of: new, now: 0) != nil)
            }
        }
    }
}
