import Store
import Testing

@Suite struct AuditStoreTests {
    private func record(_ action: String, by actor: String = "root!r@h", account: String? = nil, on target: String = "", at time: Int64 = 0)
        -> AuditRecord
    {
        AuditRecord(
            time: time, action: action, actor: actor, account: account, target: target, reason: "why", details: ["nick": "x"],
            outcome: .failed)
    }

    @Test func whatIsNotedIsFound() async throws {
        let store = AuditStore(try RoostDatabase.inMemory())
        try await store.add(record("operator.kill", on: "bob[1]!b@h", at: 10))
        try await store.add(record("ban.added", by: "token t", on: "192.0.2.1", at: 20))
        try await store.add(record("ban.removed", account: "Ann", on: "192.0.2.1", at: 30))
        let all = try await store.newest(10)
        #expect(all.map(\.action) == ["ban.removed", "ban.added", "operator.kill"])
        #expect(all[2].details == ["nick": "x"] && all[2].outcome == .failed && all[2].reason == "why" && all[2].account == nil)
        #expect(try await store.newest(1).map(\.action) == ["ban.removed"])
        #expect(try await store.newest(10, action: "BAN.*").count == 2)
        #expect(try await store.newest(10, actor: "token*").count == 1)
        #expect(try await store.newest(10, actor: "ann").count == 1)
        #expect(try await store.newest(10, target: "bob[1]!*").count == 1)
        #expect(try await store.newest(10, target: "bob1*").isEmpty)
        #expect(try await store.newest(10, since: 20).count == 2)
        #expect(try await store.newest(10, action: "ban.*", target: "192.*", since: 30).count == 1)
    }

    @Test func theOldestMakeRoom() async throws {
        let store = AuditStore(try RoostDatabase.inMemory(), limit: 3)
        for number in 1...5 { try await store.add(record("a\(number)")) }
        #expect(try await store.newest(10).map(\.action) == ["a5", "a4", "a3"])
    }
}
