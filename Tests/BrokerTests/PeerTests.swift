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
    @LoopActor
    private struct House {
        let broker: Broker
        let client: OAuthClient
        let store: BrokerStore
        let fetcher: HardenedFetcher
        let publicURL: String

        /// What the person's browser does: opens the consent page and comes back.
        func login(_ handle: String, _ peer: ATProtoPeer) async throws -> LoginOutcome {
            let start = try await broker.beginLogin(LoginRequest(handle: handle))
            let page = try await fetcher.fetch(FetchRequest(method: "GET", url: start.authorizationURL, limits: .oauth))
            let back = try #require(page.headers["Location"])
            #expect(back.hasPrefix(publicURL + "/auth/callback?"))
            let items = URLComponents(string: back)?.queryItems ?? []
            let values = Dictionary(items.map { ($0.name, $0.value ?? "") }) { first, _ in first }
            return await broker.finishLogin(
                LoginCallback(state: values["state"], code: values["code"], iss: values["iss"], error: values["error"]))
        }

        /// A login as versions before the confidential client made it.
        func loginAsPublicClient(_ account: PeerAccount, _ peer: ATProtoPeer) async throws -> String {
            let server = try await client.server(of: try #require(Origin(peer.origins.pds)), fresh: false)
            let credential = ClientCredential(clientID: publicURL + "/client-metadata.json", key: nil)
            let request = AuthorizationRequest(server: server, client: credential, loginHint: account.handle)
            let page = try await fetcher.fetch(FetchRequest(method: "GET", url: client.push(request), limits: .oauth))
            let items = URLComponents(string: try #require(page.headers["Location"]))?.queryItems ?? []
            let tokens = try await client.redeem(code: try #require(items.first { $0.name == "code" }?.value), of: request)
            let session = NewPDSSession(
                id: "public", did: account.did, pds: peer.origins.pds, issuer: server.issuer, clientID: credential.clientID,
                clientKey: nil, scope: "atproto",
                secrets: SessionSecrets(
                    refreshToken: try #require(tokens.refreshToken), accessToken: tokens.accessToken,
                    proofKey: request.key.rawRepresentation),
                accessExpiresAt: 0, handle: nil, createdAt: SystemClock().wallMilliseconds)
            let token = RandomToken.make()
            _ = try await store.open(session, tokenHash: BrokerToken.hash(token), limit: 10)
            return token
        }

        /// Puts the documents of the confidential client where the peer finds them.
        func publish(at peer: ATProtoPeer) async throws {
            peer.publish(broker.clientMetadata, at: publicURL + "/oauth-client-metadata.json")
            peer.publish(broker.formerClientMetadata, at: publicURL + "/client-metadata.json")
            peer.publish(try await broker.clientKeys(), at: publicURL + "/oauth-client-keys.json")
        }

        func status(_ token: String) async -> Int {
            do {
                _ = try await broker.session(brokerToken: token)
                return 200
            } catch {
                return error.status
            }
        }
    }

    private func withHouse(
        _ options: ATProtoPeerOptions = ATProtoPeerOptions(), limits: BrokerLimits = BrokerLimits(),
        at address: String = "http://127.0.0.1:8080", _ body: @LoopActor (House, ATProtoPeer) async throws -> Void
    ) async throws {
        try await withATProtoPeer(options) { peer in
            var policy = try #require(NetworkPolicy(plcDirectory: peer.origins.plc))
            policy.allowLoopback = true
            policy.dnsServer = .init(host: "127.0.0.1", port: Int(peer.nameServer.split(separator: ":")[1]) ?? 0)
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let (clock, dns) = (SystemClock(), DNSClient(policy: policy))
            let fetcher = HardenedFetcher(policy: policy, dns: dns, logger: logger)
            let publicURL = try #require(Origin(address))
            var configuration = BrokerConfiguration(publicURL: publicURL, returnTo: [])
            configuration.limits = limits
            let store = BrokerStore(database: try .inMemory(), box: SecretBox(key: SymmetricKey(size: .bits256)))
            let client = OAuthClient(
                identity: try ClientIdentity(publicURL: publicURL), fetcher: fetcher, clock: clock, allowsHTTP: true)
            let broker = Broker(
                configuration: configuration, store: store, client: client,
                resolver: IdentityResolver(policy: policy, fetcher: fetcher, dns: dns, clock: clock),
                webTokens: WebTokens(clock: clock), clock: clock, logger: logger)
            do {
                try await broker.start()
                try await body(House(broker: broker, client: client, store: store, fetcher: fetcher, publicURL: publicURL.text), peer)
            } catch {
                await fetcher.shutdown()
                throw error
            }
            await fetcher.shutdown()
        }
    }

    @Test(arguments: [false, true])
    func loginAndTwoHundredSessions(separate: Bool) async throws {
        var options = ATProtoPeerOptions()
        options.separateAuthorizationServer = separate
        options.accessTokenLifetime = .seconds(5)
        try await withHouse(options) { house, peer in
            let did = peer.addAccount("alice.test").did
            let result = try BrokerHouse.result(of: await house.login("alice.test", peer))
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
        try await withHouse { house, peer in
            peer.addAccount("alice.test")
            let mallory = peer.addAccount("mallory.test").did
            peer.configure { $0.approval = .account(mallory) }
            guard case .page(403, _, _) = try await house.login("alice.test", peer) else {
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
        try await withHouse(options, limits: limits) { house, peer in
            peer.addAccount("alice.test")
            let token = try BrokerHouse.result(of: await house.login("alice.test", peer)).broker_token
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
        try await withHouse(stale, limits: limits, at: Self.confidential) { house, peer in
            let did = peer.addAccount("alice.test").did
            try await house.publish(at: peer)
            let first = try BrokerHouse.result(of: await house.login("alice.test", peer)).broker_token
            let old = try #require(try await house.store.clientKeys().first?.id)
            for _ in 0..<3 { #expect(await house.status(first) == 200) }

            // A key that was added long enough ago signs new sessions; the old session stays with its own.
            try await house.store.add(ClientKey(), now: SystemClock().wallMilliseconds - 3_600_000)
            try await house.publish(at: peer)
            #expect(await house.status(first) == 200)
            #expect(peer.log.last { $0.endpoint == .refreshGrant }?.clientKey == old)
            let second = try BrokerHouse.result(of: await house.login("alice.test", peer)).broker_token
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
        try await withHouse(stale, limits: limits, at: Self.confidential) { house, peer in
            peer.addAccount("alice.test")
            try await house.publish(at: peer)
            let token = try BrokerHouse.result(of: await house.login("alice.test", peer)).broker_token
            peer.publish(ClientKeySet([ClientKey().publicKey]).document, at: Self.confidential + "/oauth-client-keys.json")
            #expect(await house.status(token) == 503)
            #expect(peer.liveSessions() == 1)
            try await house.publish(at: peer)
            #expect(await house.status(token) == 200)
        }
    }

    @Test func anotherKeyOfTheClientCostsTheSession() async throws {
        try await withHouse(stale, at: Self.confidential) { house, peer in
            peer.addAccount("alice.test")
            let key = ClientKey()
            try await house.store.add(key, now: 0)
            try await house.publish(at: peer)
            let token = try BrokerHouse.result(of: await house.login("alice.test", peer)).broker_token
            let other = try #require(try await house.store.clientKeys().first { $0.id != key.id })
            try await house.store.database.writer.write { db in
                try db.execute(sql: "UPDATE pds_session SET client_key = ?", arguments: [other.id])
            }
            #expect(await house.status(token) == 401)
            #expect(peer.counters.deletedSessions == 1)
        }
    }

    @Test func aSessionOfThePublicClientIsNotTakenOver() async throws {
        try await withHouse(stale, at: Self.confidential) { house, peer in
            let alice = peer.addAccount("alice.test")
            try await house.publish(at: peer)
            let token = try await house.loginAsPublicClient(alice, peer)
            for _ in 0..<3 { #expect(await house.status(token) == 200) }
            #expect(peer.log.last { $0.endpoint == .refreshGrant }?.clientKey == nil)
            #expect(peer.counters.deletedSessions == 0)
        }
    }
}
