import ATProto
import Accounts
import Crypto
import Foundation
import GRDB
import Logging
import MainLoop
import RoostTesting
import Testing

@testable import Broker
@testable import Store

/// The broker against the strict peer, over sockets: the fakes of the other tests could share a mistake with it.
@LoopActor
@Suite(.serialized) struct PeerTests {
    @Test(arguments: [false, true])
    func loginAndTwoHundredSessions(separate: Bool) async throws {
        var options = ATProtoPeerOptions()
        options.separateAuthorizationServer = separate
        options.accessTokenLifetime = .seconds(5)
        try await withPeerHouse(options) { house, peer in
            let did = peer.addAccount("alice.test").did
            let result = try BrokerHouse.result(of: await house.login("alice.test"))
            #expect(result.did == did && result.handle == "alice.test" && result.pds_url == peer.origins.pds)
            let gate = peer.hold(.refreshGrant)
            let callers = (0..<200).map { _ in Task { await house.status(result.broker_token) } }
            await gate.arrived()
            gate.open()
            for caller in callers { #expect(await caller.value == 200) }
            #expect(peer.counters.refreshes == 1)
            #expect(peer.counters.replays == 0)
            #expect(await house.status(result.broker_token) == 200)
            peer.rotateNonces()
            #expect(await house.status(result.broker_token) == 200)
            #expect(peer.counters.refreshes == 3)
            #expect(peer.liveSessions(of: did) == 1)
        }
    }

    @Test func anotherAccountAtTheSameServerIsRefused() async throws {
        try await withPeerHouse { house, peer in
            peer.addAccount("alice.test")
            let mallory = peer.addAccount("mallory.test").did
            peer.configure { $0.approval = .account(mallory) }
            guard case .page(403, _, _) = try await house.login("alice.test") else {
                Issue.record("not refused")
                return
            }
            await peer.wait { $0.revokedSessions > 0 }
            #expect(peer.liveSessions() == 0)
        }
    }

    @Test func aLostAnswerIsTriedOnceMoreAndThenOver() async throws {
        var options = ATProtoPeerOptions()
        options.accessTokenLifetime = .seconds(0)
        var limits = BrokerLimits()
        limits.firstRetry = .zero
        try await withPeerHouse(options, limits: limits) { house, peer in
            peer.addAccount("alice.test")
            let token = try BrokerHouse.result(of: await house.login("alice.test")).broker_token
            peer.add(PeerFault(.drop(.before), at: .refreshGrant))
            #expect(await house.status(token) == 503)
            #expect(await house.status(token) == 200)
            peer.add(PeerFault(.drop(.after), at: .refreshGrant))
            #expect(await house.status(token) == 503)
            #expect(await house.status(token) == 401)
            #expect(peer.counters.replays == 1)
        }
    }

    private static let confidential = "https://irc.example.org"

    private var stale: ATProtoPeerOptions {
        var options = ATProtoPeerOptions()
        options.accessTokenLifetime = .seconds(0)
        return options
    }

    @Test func aConfidentialClientSignsInRefreshesAndRevokes() async throws {
        var limits = BrokerLimits()
        limits.sessionsPerAccount = 1
        try await withPeerHouse(stale, limits: limits, at: Self.confidential) { house, peer in
            let did = peer.addAccount("alice.test").did
            try await house.publish(at: peer)
            let first = try BrokerHouse.result(of: await house.login("alice.test")).broker_token
            let old = try #require(try await house.store.clientKeys().first?.id)
            for _ in 0..<3 { #expect(await house.status(first) == 200) }

            // A key that was added long enough ago signs new sessions; the old session stays with its own.
            try await house.store.add(ClientKey(), now: SystemClock().wallMilliseconds - 3_600_000)
            try await house.publish(at: peer)
            #expect(await house.status(first) == 200)
            #expect(peer.log.last { $0.endpoint == .refreshGrant }?.clientKey == old)
            let second = try BrokerHouse.result(of: await house.login("alice.test")).broker_token
            #expect(await house.status(second) == 200)
            let new = try #require(try await house.store.clientKeys().last?.id)
            #expect(peer.log.last { $0.endpoint == .refreshGrant }?.clientKey == new)
            // The second login made the first session go, signed with the key of that session.
            await peer.wait { $0.revokedSessions == 1 }
            #expect(peer.log.last { $0.endpoint == .revoke }?.clientKey == old)
            #expect(peer.liveSessions(of: did) == 1 && peer.counters.deletedSessions == 0)
        }
    }

    @Test func aKeyThatIsMissingFromThePublishedOnesDoesNoHarm() async throws {
        var limits = BrokerLimits()
        limits.firstRetry = .zero
        try await withPeerHouse(stale, limits: limits, at: Self.confidential) { house, peer in
            peer.addAccount("alice.test")
            try await house.publish(at: peer)
            let token = try BrokerHouse.result(of: await house.login("alice.test")).broker_token
            peer.publish(ClientKeySet([ClientKey().publicKey]).document, at: Self.confidential + "/oauth-client-keys.json")
            #expect(await house.status(token) == 503)
            #expect(peer.liveSessions() == 1)
            try await house.publish(at: peer)
            #expect(await house.status(token) == 200)
        }
    }

    @Test func anotherKeyOfTheClientCostsTheSession() async throws {
        try await withPeerHouse(stale, at: Self.confidential) { house, peer in
            peer.addAccount("alice.test")
            let key = ClientKey()
            try await house.store.add(key, now: 0)
            try await house.publish(at: peer)
            let token = try BrokerHouse.result(of: await house.login("alice.test")).broker_token
            let other = try #require(try await house.store.clientKeys().first { $0.id != key.id })
            try await house.store.database.writer.write { db in
                try db.execute(sql: "UPDATE pds_session SET client_key = ?", arguments: [other.id])
            }
            #expect(await house.status(token) == 401)
            #expect(peer.counters.deletedSessions == 1)
        }
    }

    @Test func aSessionOfThePublicClientIsNotTakenOver() async throws {
        try await withPeerHouse(stale, at: Self.confidential) { house, peer in
            let alice = peer.addAccount("alice.test")
            try await house.publish(at: peer)
            let token = try await house.loginAsPublicClient(alice, peer)
            for _ in 0..<3 { #expect(await house.status(token) == 200) }
            #expect(peer.log.last { $0.endpoint == .refreshGrant }?.clientKey == nil)
            #expect(peer.counters.deletedSessions == 0)
        }
    }
}
