import ATProto
import Foundation
import GRDB
import MainLoop
import RoostTesting
import Testing

@testable import Broker
@testable import Store

/// The keys of the confidential client: sessions stay with the one they were opened with.
@LoopActor
@Suite struct ClientCredentialsTests {
    private typealias House = BrokerHouse

    private func kids(_ house: House) async throws -> [String] {
        let document = try #require(try await house.broker.clientKeys())
        let set = try JSONSerialization.jsonObject(with: document) as? [String: [[String: String]]]
        return try #require(set?["keys"]).compactMap { $0["kid"] }
    }

    private func newKey(_ house: House) async throws -> String {
        let key = ClientKey()
        try await house.store.add(key, now: house.clock.wallMilliseconds)
        return key.id
    }

    /// The last assertion that was sent.
    private func lastKey(_ house: House) throws -> String? {
        try house.network.requests.last { $0.form["client_assertion"] != nil }.map {
            try PeerAssertion($0.form["client_assertion"] ?? "").header.kid
        } ?? nil
    }

    @Test func theFirstKeyIsMadeAtStartAndOnce() async throws {
        let house = try House()
        try await house.database.writer.write { try $0.execute(sql: "DELETE FROM client_key") }
        await #expect(throws: BrokerError.self) { try await house.broker.beginLogin(LoginRequest(handle: "alice.bsky.social")) }
        try await house.broker.start()
        let first = try await kids(house)
        #expect(first.count == 1)
        try await house.broker.start()
        #expect(try await kids(house) == first)
        #expect(await house.status(try await house.login()) == 200)
    }

    @Test func aSessionKnowsItsClientAndKey() async throws {
        let house = try House()
        let token = try await house.login()
        let session = try #require(try await house.session(token))
        #expect(session.clientID == "https://irc.example.org/oauth-client-metadata.json")
        #expect(try await kids(house) == [session.clientKey])
        #expect(try await house.store.clientKeys().map(\.sessions) == [1])
    }

    @Test func aNewKeyIsPublishedBeforeItSigns() async throws {
        let house = try House()
        let old = try #require(try await kids(house).first)
        house.clock.advance(by: .seconds(7200))
        let new = try await newKey(house)
        #expect(try await kids(house) == [old, new])
        #expect(try await house.session(house.login())?.clientKey == old)
        house.clock.advance(by: ClientCredentials.publicationLead)
        #expect(try await house.session(house.login())?.clientKey == new)
    }

    @Test func sessionsStayWithTheirKeyForRefreshAndRevocation() async throws {
        var limits = BrokerLimits()
        limits.sessionsPerAccount = 2
        let house = try House(limits: limits)
        let first = try await house.login()
        let old = try #require(try await house.session(first)?.clientKey)
        let new = try await newKey(house)
        house.clock.advance(by: ClientCredentials.publicationLead)
        let second = try await house.login()
        for _ in 0..<3 {
            house.expire()
            #expect(await house.status(second) == 200)
            #expect(try lastKey(house) == new)
            #expect(await house.status(first) == 200)
            #expect(try lastKey(house) == old)
        }
        #expect(house.network.sessions.count == 2)
        // The third login makes the second session go, which is given back with its own key.
        _ = try await house.login()
        #expect(await eventually { house.network.revocations == 1 })
        #expect(house.network.sessions.count == 2)
    }

    @Test func aSessionOfThePublicClientStaysPublic() async throws {
        let house = try House()
        let token = try await house.login()
        let id = try #require(try await house.session(token)?.id)
        // As an earlier version opened it.
        try await house.database.writer.write { db in
            try db.execute(
                sql: "UPDATE pds_session SET client_id = 'https://irc.example.org/client-metadata.json', client_key = NULL")
        }
        house.network.makePublic()
        for _ in 0..<3 {
            house.expire()
            #expect(await house.status(token) == 200)
        }
        #expect(house.network.requests.last { $0.url.hasSuffix("/token") }?.form["client_assertion"] == nil)
        #expect(try await house.store.session(id: id)?.clientKey == nil)
        #expect(house.network.sessions.count == 1)
    }

    @Test func keysAreDroppedWhenNobodyNeedsThem() async throws {
        let house = try House()
        let token = try await house.login()
        let old = try #require(try await kids(house).first)
        let new = try await newKey(house)
        house.clock.advance(by: .seconds(86_400))
        try await house.broker.start()
        #expect(try await kids(house) == [old, new])
        try await house.store.storeDeath(try #require(try await house.session(token)?.id), reason: "x")
        try await house.broker.start()
        #expect(try await kids(house) == [new])
        #expect(try await house.session(token)?.state == .dead(reason: "x"))
        // The last key stays, whether it is used or not.
        house.clock.advance(by: .seconds(86_400))
        try await house.broker.start()
        #expect(try await kids(house) == [new])
    }

    @Test func aKeyThatWasReplacedJustNowStays() async throws {
        let house = try House()
        let (old, new) = (try #require(try await kids(house).first), try await newKey(house))
        house.clock.advance(by: ClientCredentials.publicationLead + .seconds(1800))
        try await house.broker.start()
        #expect(try await kids(house) == [old, new])
    }

    @Test func aKeyThatDoesNotOpenIsNotTheEndOfItsSessions() async throws {
        let house = try House()
        let token = try await house.login()
        house.expire()
        let sealed = try await house.database.writer.read { try Data.fetchOne($0, sql: "SELECT secret FROM client_key") }
        try await house.database.writer.write { try $0.execute(sql: "UPDATE client_key SET secret = x'0102'") }
        let presented = house.network.presented
        #expect(await house.status(token) == 503)
        #expect(house.network.presented == presented)
        try await house.database.writer.write { try $0.execute(sql: "UPDATE client_key SET secret = ?", arguments: [sealed]) }
        #expect(await house.status(token) == 200)
    }

    @Test func theWrongKeyWouldHaveCostTheSession() async throws {
        let house = try House()
        let token = try await house.login()
        let new = try await newKey(house)
        try await house.database.writer.write { try $0.execute(sql: "UPDATE pds_session SET client_key = ?", arguments: [new]) }
        house.expire()
        #expect(await house.status(token) == 401)
        #expect(house.network.sessions.isEmpty)
    }
}
