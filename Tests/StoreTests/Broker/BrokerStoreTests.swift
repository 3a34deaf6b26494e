import Crypto
import Foundation
import GRDB
import RoostTesting
import Testing

@testable import Store

@Suite struct BrokerStoreTests {
    private let alice = "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
    private let box = SecretBox(key: SymmetricKey(size: .bits256))

    private func store() throws -> BrokerStore { BrokerStore(database: try .inMemory(), box: box) }

    private func session(_ id: String = "s1", did: String? = nil, clientKey: String? = nil, at time: Int64 = 1000) -> NewPDSSession {
        NewPDSSession(
            id: id, did: did ?? alice, pds: "https://pds.example.com", issuer: "https://as.example.com", clientID: "client",
            clientKey: clientKey, scope: "atproto",
            secrets: SessionSecrets(refreshToken: "refresh-" + id, accessToken: "access-" + id, proofKey: Data(repeating: 7, count: 32)),
            accessExpiresAt: time + 900_000, handle: "alice.example.com", createdAt: time)
    }

    private func hash(_ text: String) -> Data { Data(SHA256.hash(data: Data(text.utf8))) }

    @Test func findsByTokenHashOnly() async throws {
        let store = try store()
        #expect(try await store.open(session(), tokenHash: hash("t"), limit: 10).isEmpty)
        let found = try #require(try await store.session(tokenHash: hash("t")))
        #expect(found.id == "s1" && found.did == alice && found.issuer == "https://as.example.com" && found.state == .live)
        #expect(found.accessExpiresAt == 901_000 && found.generation == 0 && found.intent == nil && found.retryAt == nil)
        #expect(found.handle == "alice.example.com" && found.handleCheckedAt == 1000)
        #expect(try await store.session(tokenHash: hash("u")) == nil)
        #expect(try await store.session(id: "s1") == found)
        #expect(try await store.secrets(id: "s1")?.refreshToken == "refresh-s1")
        #expect(try await store.secrets(id: "s1")?.accessToken == "access-s1")
        #expect(try await store.secrets(id: "s1")?.proofKey == Data(repeating: 7, count: 32))
    }

    @Test func oldestSessionsMakeRoom() async throws {
        let store = try store()
        for index in 1...3 { _ = try await store.open(session("s\(index)", at: Int64(index)), tokenHash: hash("\(index)"), limit: 3) }
        _ = try await store.open(session("other", did: "did:web:other.example.com"), tokenHash: hash("o"), limit: 3)
        try await store.storeUse("s1", verifiedHandle: nil, now: 100)
        let ended = try await store.open(session("s4", at: 4), tokenHash: hash("4"), limit: 3)
        #expect(ended.map(\.secrets.refreshToken) == ["refresh-s2"])
        #expect(try await store.session(tokenHash: hash("2")) == nil)
        for token in ["1", "3", "4", "o"] { #expect(try await store.session(tokenHash: hash(token)) != nil) }
    }

    @Test func deadSessionsMakeRoomFirst() async throws {
        let store = try store()
        for index in 1...2 { _ = try await store.open(session("s\(index)", at: Int64(index)), tokenHash: hash("\(index)"), limit: 2) }
        try await store.storeDeath("s2", reason: "x")
        #expect(try await store.open(session("s3", at: 3), tokenHash: hash("3"), limit: 2).isEmpty)
        #expect(try await store.session(id: "s1") != nil)
        #expect(try await store.session(id: "s2") == nil)
    }

    @Test func refreshGoesThroughItsSteps() async throws {
        let store = try store()
        _ = try await store.open(session(), tokenHash: hash("t"), limit: 10)
        #expect(try await store.writeIntent("s1", generation: 0, tokenHash: hash("refresh-s1"), now: 5000))
        #expect(try await store.unansweredRefreshes() == 1)
        #expect(try await store.session(id: "s1")?.intent == PDSSession.Intent(startedAt: 5000, tokenHash: hash("refresh-s1")))

        #expect(try await store.storeRotation("s1", refreshToken: "next", pds: "https://moved.example.com", now: 5100))
        var row = try #require(try await store.session(id: "s1"))
        #expect(row.intent == nil && row.generation == 1 && row.accessExpiresAt == 0 && row.pds == "https://moved.example.com")
        #expect(try await store.secrets(id: "s1")?.refreshToken == "next")
        #expect(try await store.secrets(id: "s1")?.accessToken == nil)
        #expect(try await store.unansweredRefreshes() == 0)

        try await store.storeFailure("s1", failures: 2, retryAt: 9000, isSettled: true)
        try await store.storeAccess("s1", accessToken: "access", expiresAt: 99_000, scope: "atproto x")
        row = try #require(try await store.session(id: "s1"))
        #expect(row.accessExpiresAt == 99_000 && row.failures == 0 && row.retryAt == nil && row.scope == "atproto x")

        #expect(try await store.writeIntent("s1", generation: 0, tokenHash: hash("refresh-s1"), now: 6000) == false)
        #expect(try await store.session(id: "s1")?.intent == nil)
    }

    @Test func aServerMayLeaveTheRefreshTokenInForce() async throws {
        let store = try store()
        _ = try await store.open(session(), tokenHash: hash("t"), limit: 10)
        #expect(try await store.storeRotation("s1", refreshToken: nil, pds: "https://pds.example.com", now: 1))
        #expect(try await store.secrets(id: "s1")?.refreshToken == "refresh-s1")
    }

    @Test func anUnsettledFailureKeepsTheIntent() async throws {
        let store = try store()
        _ = try await store.open(session(), tokenHash: hash("t"), limit: 10)
        _ = try await store.writeIntent("s1", generation: 0, tokenHash: hash("r"), now: 5000)
        try await store.storeFailure("s1", failures: 1, retryAt: 9000, isSettled: false)
        #expect(try await store.session(id: "s1")?.intent?.startedAt == 5000)
        #expect(try await store.session(id: "s1")?.retryAt == 9000)
        try await store.storeFailure("s1", failures: 2, retryAt: 9500, isSettled: true)
        #expect(try await store.session(id: "s1")?.intent == nil)
        #expect(try await store.session(id: "s1")?.failures == 2)
    }

    @Test func deathWipesTheSecrets() async throws {
        let store = try store()
        _ = try await store.open(session(), tokenHash: hash("t"), limit: 10)
        _ = try await store.writeIntent("s1", generation: 0, tokenHash: hash("r"), now: 5000)
        try await store.storeDeath("s1", reason: "invalid_grant")
        #expect(try await store.session(tokenHash: hash("t"))?.state == .dead(reason: "invalid_grant"))
        #expect(try await store.secrets(id: "s1") == nil)
        #expect(try await store.unansweredRefreshes() == 0)
        #expect(try await store.writeIntent("s1", generation: 0, tokenHash: hash("r"), now: 1) == false)
        let blobs = try await store.database.writer.read { db in
            try Int.fetchOne(
                db, sql: "SELECT count(*) FROM pds_session WHERE coalesce(refresh_token, access_token, dpop_key) IS NOT NULL")
        }
        #expect(blobs == 0)
    }

    @Test func whatIsOverIsForgottenLater() async throws {
        let store = try store()
        for (index, id) in ["old", "new", "live"].enumerated() {
            _ = try await store.open(session(id, at: Int64(index * 10)), tokenHash: hash(id), limit: 10)
        }
        #expect(try await store.end(["old", "new", "nobody"], reason: "x").map(\.id) == ["old", "new"])
        #expect(try await store.end(["old"], reason: "x").isEmpty)
        #expect(try await store.prune(deadSince: 10) == 1)
        #expect(try await store.session(tokenHash: hash("old")) == nil)
        #expect(try await store.session(tokenHash: hash("new"))?.state == .dead(reason: "x"))
        #expect(try await store.prune(deadSince: 100) == 1)
        #expect(try await store.session(tokenHash: hash("live"))?.state == .live)
    }

    @Test func nothingIsStoredForASessionThatWasEnded() async throws {
        let store = try store()
        _ = try await store.open(session(), tokenHash: hash("t"), limit: 10)
        _ = try await store.end(["s1"], reason: "signed out")
        #expect(try await !store.storeRotation("s1", refreshToken: "next", pds: "https://pds.example.com", now: 1))
        #expect(try await store.secrets(id: "s1") == nil)
    }

    @Test func sessionsHaveNumbersNamesAndPlaces() async throws {
        let store = try store()
        var first = session("s1", at: 1)
        first.place = LoginPlace(address: "192.0.2.7", agent: "Fire\u{1b}fox\u{e9}" + String(repeating: "x", count: 300))
        _ = try await store.open(first, tokenHash: hash("1"), limit: 10)
        _ = try await store.open(session("other", did: "did:web:other.example.com"), tokenHash: hash("o"), limit: 10)
        _ = try await store.open(session("s2", at: 2), tokenHash: hash("2"), limit: 10)
        _ = try await store.end(["s1"], reason: "signed out")
        _ = try await store.open(session("s3", at: 3), tokenHash: hash("3"), limit: 10)
        #expect(try await store.rename("s2", of: alice, to: "my phone"))
        #expect(try await !store.rename("other", of: alice, to: "not mine"))
        let logins = try await store.webLogins(of: alice)
        #expect(logins.map(\.number) == [1, 2, 3] && logins.map(\.id) == ["s1", "s2", "s3"])
        #expect(logins.map(\.name) == [nil, "my phone", nil] && logins.map(\.endedBecause) == ["signed out", nil, nil])
        #expect(logins[0].place.address == "192.0.2.7" && logins[0].place.agent?.hasPrefix("Firefoxxx") == true)
        #expect(logins[0].place.agent?.utf8.count == LoginPlace.agentLimit && logins[1].place == LoginPlace())
        #expect(logins[2].createdAt == 3 && logins[2].usedAt == 3)
        #expect(try await store.live(unusedSince: 3, limit: 10) == ["s2"])
        #expect(try await store.live(openedBefore: 4, limit: 1).count == 1)
    }

    @Test(arguments: [("my phone", "my phone"), ("  a   b ", "a b"), ("", nil), (" ", nil), ("a\u{7}", nil), ("caf\u{e9}", "caf\u{e9}")])
    func namesAreOneLine(_ typed: String, _ name: String?) {
        #expect(WebLogin.name(typed) == name)
        #expect(
            WebLogin.name(typed + String(repeating: "x", count: WebLogin.nameLimit)) == nil
                || typed.trimmingCharacters(in: .whitespaces).isEmpty)
    }

    @Test func sessionsOfBeforeGetNumbersToo() async throws {
        let numbers = try await DatabaseQueue().write { db in
            try BrokerSchema.create(db)
            for (id, did) in [("a", "did:x"), ("b", "did:y"), ("c", "did:x")] {
                try db.execute(
                    sql: """
                        INSERT INTO pds_session (id, did, pds, issuer, client_id, scope, state, access_expires_at, handle_checked_at,
                            created_at, refreshed_at, used_at) VALUES (?, ?, '', '', '', '', 'live', 0, 0, 0, 0, 0)
                        """, arguments: [id, did])
            }
            try BrokerSchema.addLoginDetails(db)
            return try Int.fetchAll(db, sql: "SELECT number FROM pds_session ORDER BY id")
        }
        #expect(numbers == [1, 1, 2])
    }

    @Test func aSuspendedAccountIsKnown() async throws {
        let store = try store()
        #expect(try await store.suspension(of: alice) == nil)
        let accounts = AccountStore(store.database)
        _ = try await accounts.logIn(did: alice, now: 1)
        #expect(try await store.suspension(of: alice) == nil)
        try await accounts.suspend(name: alice)
        #expect(try await store.suspension(of: alice) == "no reason given")
        try await accounts.suspend(name: alice, reason: "spam")
        #expect(try await store.suspension(of: alice) == "spam")
    }

    @Test func aSealedValueDoesNotMoveBetweenRows() async throws {
        let store = try store()
        _ = try await store.open(session("s1"), tokenHash: hash("a"), limit: 10)
        _ = try await store.open(session("s2"), tokenHash: hash("b"), limit: 10)
        try await store.database.writer.write { db in
            try db.execute(
                sql: "UPDATE pds_session SET refresh_token = (SELECT refresh_token FROM pds_session WHERE id = 's1') WHERE id = 's2'")
        }
        await #expect(throws: SecretBoxError.damaged) { try await store.secrets(id: "s2") }
        #expect(try await store.secrets(id: "s1") != nil)
    }

    @Test func secretsAreNotInTheFile() async throws {
        try await withTestDirectory { directory in
            let path = directory.appendingPathComponent("roost.db").path
            let database = try RoostDatabase(path: path)
            let store = BrokerStore(database: database, box: box)
            _ = try await store.open(session(), tokenHash: hash("broker-token"), limit: 10)
            try database.close()
            for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
                let bytes = try Data(contentsOf: directory.appendingPathComponent(name))
                for secret in ["refresh-s1", "access-s1", "broker-token"] { #expect(bytes.range(of: Data(secret.utf8)) == nil) }
            }
        }
    }

    @Test func opensOnlyWithItsKey() async throws {
        try await withTestDirectory { directory in
            let path = directory.appendingPathComponent("roost.db").path
            let file = SecretKeyFile(directory.appendingPathComponent("secret.key").path)
            let database = try RoostDatabase(path: path)
            let box = try file.box(for: database)
            _ = try await BrokerStore(database: database, box: box).open(session(), tokenHash: hash("t"), limit: 10)
            let again = BrokerStore(database: database, box: try file.box(for: database))
            #expect(try await again.secrets(id: "s1")?.refreshToken == "refresh-s1")

            try FileManager.default.removeItem(atPath: file.path)
            #expect(throws: SecretKeyFileError.missing(file.path)) { try file.box(for: database) }
            let other = try file.load(secretsExist: false).current.name
            #expect(throws: SecretKeyFileError.otherKey(file.path, needed: box.keys.current.name, found: other)) {
                try file.box(for: database)
            }
            try database.close()
        }
    }
}
