import ATProto
import Accounts
import Crypto
import Foundation
import Logging
import MainLoop
import RoostTesting
import Testing

@testable import Broker
@testable import Store

/// A broker that talks to a peer over sockets.
@LoopActor
struct PeerHouse {
    let broker: Broker
    let client: OAuthClient
    let store: BrokerStore
    let fetcher: HardenedFetcher
    let publicURL: String

    /// What the person's browser does: opens the consent page and comes back.
    func login(_ handle: String) async throws -> LoginOutcome {
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
        for (path, document) in try await documents() { peer.publish(document, at: publicURL + path) }
    }

    /// What the sidecar serves about the client, by path.
    func documents() async throws -> [(path: String, document: Data?)] {
        [
            ("/oauth-client-metadata.json", broker.clientMetadata), ("/client-metadata.json", broker.formerClientMetadata),
            ("/oauth-client-keys.json", try await broker.clientKeys()),
        ]
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

/// Runs `body` with a broker and a peer.
///
/// - Parameters:
///   - address: the public address of the broker.
///   - patience: how long an answer may take; nil: as long as always.
@LoopActor
func withPeerHouse(
    _ options: ATProtoPeerOptions = ATProtoPeerOptions(), limits: BrokerLimits = BrokerLimits(),
    at address: String = "http://127.0.0.1:8080", patience: Duration? = nil,
    _ body: @LoopActor (PeerHouse, ATProtoPeer) async throws -> Void
) async throws {
    try await withATProtoPeer(options) { peer in
        let house = try PeerHouse(
            plc: peer.origins.plc, nameServer: peer.nameServer, limits: limits, at: address, patience: patience)
        do {
            try await house.broker.start()
            try await body(house, peer)
        } catch {
            await house.fetcher.shutdown()
            throw error
        }
        await house.fetcher.shutdown()
    }
}

extension PeerHouse {
    /// - Parameters:
    ///   - nameServer: address and port.
    ///   - address: the public address of the broker.
    ///   - patience: how long an answer may take; nil: as long as always.
    init(plc: String, nameServer: String, limits: BrokerLimits, at address: String, patience: Duration?) throws {
        var policy = try #require(NetworkPolicy(plcDirectory: plc))
        policy.allowLoopback = true
        policy.dnsServer = .init(host: "127.0.0.1", port: Int(nameServer.split(separator: ":")[1]) ?? 0)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let (clock, dns) = (SystemClock(), DNSClient(policy: policy))
        fetcher = HardenedFetcher(policy: policy, dns: dns, logger: logger)
        let publicURL = try #require(Origin(address))
        self.publicURL = publicURL.text
        var configuration = BrokerConfiguration(publicURL: publicURL, returnTo: [])
        configuration.limits = limits
        store = BrokerStore(database: try .inMemory(), box: SecretBox(key: SymmetricKey(size: .bits256)))
        client = OAuthClient(
            identity: try ClientIdentity(publicURL: publicURL), fetcher: Impatient(fetcher: fetcher, patience: patience), clock: clock,
            allowsHTTP: true)
        broker = Broker(
            configuration: configuration, store: store, client: client,
            resolver: IdentityResolver(policy: policy, fetcher: Impatient(fetcher: fetcher, patience: patience), dns: dns, clock: clock),
            webTokens: WebTokens(clock: clock), clock: clock, logger: logger)
    }
}

/// Shortens the time that answers may take.
private struct Impatient: Fetching {
    let fetcher: HardenedFetcher
    let patience: Duration?

    func fetch(_ request: FetchRequest) async throws(FetchError) -> FetchResponse {
        var request = request
        if let patience { request.limits.time = patience }
        return try await fetcher.fetch(request)
    }
}
