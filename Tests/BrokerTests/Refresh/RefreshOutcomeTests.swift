import ATProto
import Foundation
import GRDB
import MainLoop
import RoostTesting
import Testing

@testable import Broker
@testable import Store

/// What a refresh that does not simply work leads to.
@LoopActor
@Suite struct RefreshOutcomeTests {
    private typealias House = BrokerHouse

    @Test func aDeadSessionIsAskedAboutOnce() async throws {
        let house = try House()
        let token = try await house.login()
        house.expire()
        house.network.faults.beforeRotation = [.success(.status(400, "{\"error\":\"invalid_grant\"}"))]
        await #expect(throws: BrokerError.sessionDead) { try await house.broker.session(brokerToken: token) }
        let requests = house.network.requests.count
        for _ in 0..<5 { #expect(await house.status(token) == 401) }
        #expect(house.network.requests.count == requests)
        #expect(try await house.session(token)?.state == .dead(reason: "invalid_grant (status 400)"))
        let id = try #require(try await house.session(token)?.id)
        #expect(try await house.store.secrets(id: id) == nil)
    }

    @Test(arguments: [
        Result<FetchResponse, FetchError>.failure(.timeout), .success(.status(500, "{\"error\":\"server_error\"}")),
        .success(.status(200, "<html>")),
    ])
    func anUnknownOutcomeIsTriedAgainLater(_ fault: Result<FetchResponse, FetchError>) async throws {
        let house = try House()
        let token = try await house.login()
        house.expire()
        house.network.faults.beforeRotation = [fault]
        do {
            _ = try await house.broker.session(brokerToken: token)
            Issue.record("should have failed")
        } catch {
            #expect(error.status == 503)
            #expect((5...7).contains(try #require(error.retryAfter)))
        }
        #expect(try await house.session(token)?.intent != nil)
        let requests = house.network.requests.count
        #expect(await house.status(token) == 503)
        #expect(house.network.requests.count == requests)
        house.clock.advance(by: .seconds(7))
        #expect(await house.status(token) == 200)
        let row = try #require(try await house.session(token))
        #expect(row.intent == nil && row.failures == 0 && row.retryAt == nil)
    }

    @Test func aLostAnswerEndsInOneClear401() async throws {
        let house = try House()
        let token = try await house.login()
        house.expire()
        house.network.faults.afterRotation = [.failure(.timeout)]
        #expect(await house.status(token) == 503)
        house.clock.advance(by: .seconds(7))
        #expect(await house.status(token) == 401)
        #expect(house.network.replays == 1)
        let requests = house.network.requests.count
        #expect(await house.status(token) == 401)
        #expect(house.network.requests.count == requests)
    }

    @Test func theWaitDoublesAndHonoursRetryAfter() async throws {
        let house = try House()
        let token = try await house.login()
        house.expire()
        var waits: [Int] = []
        for _ in 0..<10 {
            house.network.faults.beforeRotation = [.success(.status(502))]
            do {
                _ = try await house.broker.session(brokerToken: token)
                Issue.record("should have failed")
            } catch {
                waits.append(try #require(error.retryAfter))
                house.clock.advance(by: .seconds(waits.last ?? 0))
            }
        }
        for (wait, base) in zip(waits, [5, 10, 20, 40, 80, 160, 300, 300, 300, 300]) {
            #expect((base...base * 5 / 4 + 1).contains(wait))
        }
        house.network.faults.beforeRotation = [.success(.status(503, "", headers: [("Retry-After", "1800")]))]
        do {
            _ = try await house.broker.session(brokerToken: token)
            Issue.record("should have failed")
        } catch {
            #expect(error.retryAfter == 1800)
        }
    }

    @Test func aLivingAccessTokenCarriesOverAFailure() async throws {
        let house = try House()
        let token = try await house.login()
        house.clock.advance(by: .seconds(895))
        house.network.faults.beforeRotation = [.success(.status(500))]
        #expect(await house.status(token) == 200)
        #expect(await house.status(token) == 200)
        house.clock.advance(by: .seconds(5))
        #expect(await house.status(token) == 503)
        house.clock.advance(by: .seconds(2))
        #expect(await house.status(token) == 200)
    }

    @Test func nothingIsSentWhileTheIdentityIsUnknown() async throws {
        let house = try House()
        let token = try await house.login()
        house.expire()
        house.directory.failure = .temporary(reason: "directory is down")
        let presented = house.network.presented
        #expect(await house.status(token) == 503)
        #expect(house.network.presented == presented)
        #expect(try await house.session(token)?.intent == nil)
        house.directory.failure = nil
        house.clock.advance(by: .seconds(7))
        #expect(await house.status(token) == 200)
    }

    @Test func theWishesOfDirectoryAndMetadataAreHonoured() async throws {
        let house = try House()
        let token = try await house.login()
        func wait() async -> Int? {
            do throws(BrokerError) {
                _ = try await house.broker.session(brokerToken: token)
                return nil
            } catch {
                return error.retryAfter
            }
        }
        house.expire()
        house.directory.nextFailures = [.temporary(reason: "down", retryAfter: .seconds(70))]
        #expect(await wait() == 70)
        house.clock.advance(by: .seconds(70))
        house.network.faults.answers[.resourceMetadata] = [.success(.status(429, "", headers: [("Retry-After", "80")]))]
        #expect(await wait() == 80)
        let requests = house.network.requests.count
        // Another session of the same PDS does not ask either, and no token is sent.
        let presented = house.network.presented
        await #expect(throws: BrokerError.self) { try await house.login(handle: "bob.example.net", as: House.bob) }
        #expect(house.network.requests.count == requests)
        #expect(house.network.presented == presented)
        house.clock.advance(by: .seconds(80))
        #expect(await wait() == nil)
    }

    @Test func aDeletedAccountEndsItsSession() async throws {
        let house = try House()
        let token = try await house.login()
        house.expire()
        house.directory.failure = .tombstoned("gone")
        #expect(await house.status(token) == 401)
        house.directory.failure = nil
        #expect(await house.status(token) == 401)
    }

    @Test func aSessionEndsWhenAnotherServerSpeaksForTheAccount() async throws {
        let house = try House()
        let token = try await house.login()
        house.expire()
        house.network.faults.namedIssuer = "https://evil.example.com"
        let presented = house.network.presented
        #expect(await house.status(token) == 401)
        #expect(house.network.presented == presented)
    }

    @Test func theRotatedTokenIsKeptThoughTheAnswerIsRefused() async throws {
        let house = try House()
        let token = try await house.login()
        house.expire()
        house.network.faults.tokenChanges = ["scope": nil]
        #expect(await house.status(token) == 503)
        let row = try #require(try await house.session(token))
        #expect(row.generation == 1 && row.intent == nil && row.accessExpiresAt == 0)
        let stored = try await house.store.secrets(id: row.id)?.refreshToken
        #expect(stored == house.network.sessions.values.first?.refreshToken)
        house.network.faults.tokenChanges = [:]
        house.clock.advance(by: .seconds(7))
        #expect(await house.status(token) == 200)
        #expect(house.network.replays == 0)
    }

    @Test func anAnswerForAnotherAccountEndsTheSessionAndIsGivenBack() async throws {
        let house = try House()
        let token = try await house.login()
        house.expire()
        house.network.faults.tokenChanges = ["sub": House.bob]
        #expect(await house.status(token) == 401)
        #expect(await eventually { house.network.revocations > 0 })
        #expect(house.network.sessions.isEmpty)
    }

    @Test(arguments: ["invalid_client", "invalid_client_metadata", "invalid_client_id", "unauthorized_client"])
    func aRefusedClientIsNotTheEndOfTheSession(_ code: String) async throws {
        let house = try House()
        let token = try await house.login()
        house.expire()
        house.network.faults.beforeRotation = [.success(.status(400, "{\"error\":\"\(code)\"}"))]
        #expect(await house.status(token) == 503)
        #expect(try await house.session(token)?.state == .live)
        #expect(try await house.session(token)?.intent == nil)
        house.clock.advance(by: .seconds(7))
        #expect(await house.status(token) == 200)
    }

    @Test func nothingIsSentWhenTheIntentCannotBeStored() async throws {
        let house = try House()
        let token = try await house.login()
        house.expire()
        try await house.refuseUpdates(of: "refresh_started_at")
        let presented = house.network.presented
        #expect(await house.status(token) == 503)
        #expect(house.network.presented == presented)
        try await house.allowUpdates()
        #expect(await house.status(token) == 200)
        #expect(house.network.replays == 0)
    }

    @Test func aRotationTheDatabaseRefusesIsHeldUntilItIsStored() async throws {
        let house = try House()
        let token = try await house.login()
        house.expire()
        try await holdRotation(of: token, in: house)
        #expect(house.network.refreshes[House.alice] == 1)
        try await house.allowUpdates()
        #expect(await house.status(token) == 200)
        #expect(house.network.refreshes[House.alice] == 1)
        let id = try #require(try await house.session(token)?.id)
        #expect(try await house.store.secrets(id: id)?.refreshToken == house.network.sessions.values.first?.refreshToken)
    }

    /// The server vouched for the owner hours ago; now it is asked again.
    @Test func aRotationThatWasHeldForLongProvesNothing() async throws {
        let house = try House()
        let token = try await house.login()
        house.expire()
        try await holdRotation(of: token, in: house)
        house.expire()
        try await house.allowUpdates()
        #expect(await house.status(token) == 200)
        #expect(house.network.refreshes[House.alice] == 2)
        #expect(house.network.replays == 0)
        #expect(try await house.session(token)?.generation == 2)
    }

    @Test func anAccessTokenFromAClockThatWasAheadCarriesNobodyOver() async throws {
        let house = try House()
        let token = try await house.login()
        let year = house.clock.wallMilliseconds + 365 * 86_400_000
        try await house.database.writer.write { db in
            try db.execute(sql: "UPDATE pds_session SET access_expires_at = ?", arguments: [year])
        }
        house.network.faults.beforeRotation = [.success(.status(502))]
        #expect(await house.status(token) == 503)
    }

    @Test func timesFromAClockThatWasAheadAreNotBelieved() async throws {
        let house = try House()
        let token = try await house.login()
        let year = house.clock.wallMilliseconds + 365 * 86_400_000
        try await house.database.writer.write { db in
            try db.execute(sql: "UPDATE pds_session SET access_expires_at = ?, retry_at = ?", arguments: [year, year])
        }
        #expect(await house.status(token) == 200)
        #expect(house.network.refreshes[House.alice] == 1)
    }

    @Test func secretsThatDoNotOpenAreNotTheEndOfTheSession() async throws {
        let house = try House()
        let token = try await house.login()
        house.expire()
        try await house.database.writer.write { try $0.execute(sql: "UPDATE pds_session SET dpop_key = x'0102'") }
        #expect(await house.status(token) == 503)
        #expect(try await house.session(token)?.state == .live)
    }

    /// A refresh whose rotated token the database does not take.
    private func holdRotation(of token: String, in house: House) async throws {
        try await house.refuseUpdates(of: "generation")
        let refused = Task { await house.status(token) }
        for _ in 0..<2 {
            #expect(await eventually { house.clock.sleeperCount > 0 })
            house.clock.advance(by: .milliseconds(500))
        }
        #expect(await refused.value == 503)
    }
}
