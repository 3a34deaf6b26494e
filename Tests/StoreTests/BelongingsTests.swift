import Crypto
import Foundation
import Store
import Testing

/// What is stored for an account that is deleted meanwhile would be the next owner's of its name.
@Suite struct BelongingsTests {
    @Test func nothingIsStoredForAnAccountThatIsGone() async throws {
        let database = try RoostDatabase.inMemory()
        let accounts = AccountStore(database)
        let push = PushSubscriptionStore(database, box: SecretBox(key: SymmetricKey(size: .bits256)))
        let (metadata, markers) = (MetadataStore(database), ReadMarkerStore(database))
        func store() async throws {
            _ = try await accounts.add(certificate: "aa", toAccount: "Ann", limit: 9, now: 1)
            try await push.save(.init(account: "Ann", endpoint: "e", publicKey: Data([1]), secret: Data([2]), refreshedAt: 1))
            try await metadata.change(["k": "v"], ofAccount: "Ann")
            try await markers.set("#c", 1, ofAccount: "Ann", limit: 9)
            _ = try await accounts.reserve(nickname: "annie", account: "Ann")
        }
        _ = try await accounts.create(AccountRecord(name: "Ann", createdAt: 1))
        try await store()
        try await accounts.delete(name: "Ann")
        await #expect(throws: (any Error).self) { _ = try await accounts.add(certificate: "aa", toAccount: "Ann", limit: 9, now: 1) }
        await #expect(throws: (any Error).self) {
            try await push.save(.init(account: "Ann", endpoint: "e", publicKey: Data([1]), secret: Data([2]), refreshedAt: 1))
        }
        await #expect(throws: (any Error).self) { try await metadata.change(["k": "v"], ofAccount: "Ann") }
        await #expect(throws: (any Error).self) { try await markers.set("#c", 1, ofAccount: "Ann", limit: 9) }
        await #expect(throws: (any Error).self) { _ = try await accounts.reserve(nickname: "annie", account: "Ann") }
        _ = try await accounts.create(AccountRecord(name: "ann", createdAt: 2))
        #expect(try await accounts.find(certificate: "aa") == nil)
        #expect(try await push.all().isEmpty)
        #expect(try await metadata.values(ofAccount: "ann").isEmpty)
        #expect(try await markers.all(ofAccount: "ann").isEmpty)
        #expect(try await accounts.nicknames() == ["ann": "ann"])
    }
}
