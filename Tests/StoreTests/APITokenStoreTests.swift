import GRDB
import Testing

@testable import Store

@Suite struct APITokenStoreTests {
    @Test func whatATokenMayIsKept() async throws {
        let store = APITokenStore(try RoostDatabase.inMemory())
        let wanted = APIToken(name: "a", scopes: [.bans, .messagesRead], channels: ["#a", "#b"], createdAt: 5, expiresAt: 100)
        let token = try #require(try await store.create(wanted))
        #expect(try await store.find(token, now: 50) == wanted)
        #expect(try await store.find(token, now: 100) == nil)
        #expect(try await store.find(token + "0", now: 50) == nil)
        #expect(try await store.create(wanted) == nil)
        let all = try #require(try await store.create(APIToken(name: "b", scopes: [], createdAt: 5)))
        #expect(try await store.find(all, now: 50)?.channels == nil)
        #expect(try await store.list().map(\.name) == ["a", "b"])
    }

    @Test func theLastUseIsNotedNowAndThen() async throws {
        let store = APITokenStore(try RoostDatabase.inMemory())
        let token = try #require(try await store.create(APIToken(name: "a", scopes: [], createdAt: 0)))
        #expect(try await store.list()[0].lastUsedAt == nil)
        let (begin, span) = (Int64(1_000_000), APITokenStore.useInterval)
        for (now, noted) in [(begin, begin), (begin + span - 1, begin), (begin + span, begin + span), (begin - span, begin - span)] {
            _ = try await store.find(token, now: now)
            #expect(try await store.list()[0].lastUsedAt == noted)
        }
    }

    /// Those from before scopes keep what they could do, and get nothing new.
    @Test func earlierTokensKeepTheirPowers() async throws {
        let queue = try DatabaseQueue()
        try Schema.migrate(queue, Array(Schema.steps.prefix { $0.name != "api_token.scopes" }))
        try await queue.write { db in
            try db.execute(sql: "INSERT INTO api_token (hash, name, created_at) VALUES (x'00', 'old', 1)")
        }
        try Schema.migrate(queue)
        let row = try queue.read { try Row.fetchOne($0, sql: "SELECT scopes, channels, last_used_at FROM api_token") }
        let found = try #require(row)
        #expect(found["scopes"] == "metrics services" && found["channels"] == String?.none && found["last_used_at"] == Int64?.none)
    }

    /// A scope of a later version gives nothing here.
    @Test func unknownScopesGiveNothing() async throws {
        let database = try RoostDatabase.inMemory()
        let store = APITokenStore(database)
        let token = try #require(try await store.create(APIToken(name: "a", scopes: [.bans], createdAt: 0)))
        try await database.writer.write { try $0.execute(sql: "UPDATE api_token SET scopes = 'bans everything'") }
        #expect(try await store.find(token, now: 1)?.scopes == [.bans])
    }
}
