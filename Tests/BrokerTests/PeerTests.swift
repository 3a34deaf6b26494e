import ATProto
import Accounts
import Crypto
import Foundation
import Logging
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Broker

/// The broker against the strict peer, over sockets: the fakes of the other tests could share a mistake with it.
@LoopActor
@Suite(.serialized) struct PeerTests {
    private struct House {
        let broker: Broker
        let fetcher: HardenedFetcher

        /// What the person's browser does: opens the consent page and comes back.
        func login(_ handle: String, _ peer: ATProtoPeer) async throws -> LoginOutcome {
            let start = try await broker.beginLogin(LoginRequest(handle: handle))
            let page = try await fetcher.fetch(FetchRequest(method: "GET", url: start.authorizationURL, limits: .oauth))
            let back = try #require(page.headers["Location"])
            #expect(back.hasPrefix("http://127.0.0.1:8080/auth/callback?"))
            let items = URLComponents(string: back)?.queryItems ?? []
            let values = Dictionary(items.map { ($0.name, $0.value ?? "") }) { first, _ in first }
            return await broker.finishLogin(
                LoginCallback(state: values["state"], code: values["code"], iss: values["iss"], error: values["error"]))
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
        _ body: @LoopActor (House, ATProtoPeer) async throws -> Void
    ) async throws {
        try await withATProtoPeer(options) { peer in
            var policy = try #require(NetworkPolicy(plcDirectory: peer.origins.plc))
            policy.allowLoopback = true
            policy.dnsServer = .init(host: "127.0.0.1", port: Int(peer.nameServer.split(separator: ":")[1]) ?? 0)
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let (clock, dns) = (SystemClock(), DNSClient(policy: policy))
            let fetcher = HardenedFetcher(policy: policy, dns: dns, logger: logger)
            let publicURL = try #require(Origin("http://127.0.0.1:8080"))
            var configuration = BrokerConfiguration(publicURL: publicURL, returnTo: [])
            configuration.limits = limits
            let broker = Broker(
                configuration: configuration,
                store: BrokerStore(database: try .inMemory(), box: SecretBox(key: SymmetricKey(size: .bits256))),
                client: OAuthClient(
                    identity: try ClientIdentity(publicURL: publicURL), fetcher: fetcher, clock: clock, allowsHTTP: true),
                resolver: IdentityResolver(policy: policy, fetcher: fetcher, dns: dns, clock: clock),
                webTokens: WebTokens(clock: clock), clock: clock, logger: logger)
            do {
                try await body(House(broker: broker, fetcher: fetcher), peer)
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
}
