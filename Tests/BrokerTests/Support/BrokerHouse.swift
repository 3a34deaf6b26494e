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

/// A broker with everything around it, in one process and without sockets.
@LoopActor
final class BrokerHouse {
    static let alice = "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
    static let bob = "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb"

    let clock: VirtualClock
    let network: Network
    let directory: Directory
    let database: RoostDatabase
    let store: BrokerStore
    let webTokens: WebTokens
    let broker: Broker
    let people = People()

    /// - Parameters:
    ///   - path: the database file; in memory without one.
    ///   - process: what the requests go through; a test can kill it.
    ///   - predecessor: the house whose network, people and clock this one shares: a restart.
    init(
        limits: BrokerLimits = BrokerLimits(), path: String? = nil, after predecessor: BrokerHouse? = nil,
        observer: (any RefreshObserver)? = nil, process: NetworkProcess? = nil
    ) throws {
        let clock = predecessor?.clock ?? VirtualClock()
        self.clock = clock
        network = predecessor?.network ?? Network(clock: clock)
        directory = predecessor?.directory ?? Directory()
        database = try path.map { try RoostDatabase(path: $0) } ?? .inMemory()
        store = BrokerStore(database: database, box: predecessor?.store.box ?? SecretBox(key: SymmetricKey(size: .bits256)))
        if predecessor == nil { try Self.addClientKey(to: store, now: clock.wallMilliseconds) }
        webTokens = WebTokens(clock: clock)
        let publicURL = try #require(Origin("https://irc.example.org"))
        var configuration = BrokerConfiguration(publicURL: publicURL, returnTo: [try #require(Origin("https://chat.example.org"))])
        configuration.limits = limits
        let client = OAuthClient(
            identity: try ClientIdentity(publicURL: publicURL), fetcher: process ?? network, clock: clock, allowsHTTP: false)
        broker = Broker(
            configuration: configuration, store: store, client: client, resolver: directory, webTokens: webTokens, clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, observer: observer)
        broker.people = people
        network.clientKeys = { [broker] in try await broker.clientKeys() }
        if predecessor == nil {
            directory.add(Self.alice, handle: "alice.bsky.social")
            directory.add(Self.bob, handle: "bob.example.net")
        }
    }

    /// What ``Broker/start()`` does on the first run, for tests that go without it.
    private static func addClientKey(to store: BrokerStore, now: Int64) throws {
        let key = ClientKey()
        try store.database.writer.write { db in
            let secret = try store.box.seal(key.rawRepresentation, .clientKey, of: key.id, in: db)
            try db.execute(
                sql: "INSERT INTO client_key (id, public_key, secret, created_at) VALUES (?, ?, ?, ?)",
                arguments: [key.id, key.publicKey.rawRepresentation, secret, now])
        }
    }

    /// The callback of a login that went well so far.
    func callback(handle: String = "alice.bsky.social", as did: String = alice, mobile: Bool = false, returnTo: String? = nil) async throws
        -> LoginCallback
    {
        let start = try await broker.beginLogin(LoginRequest(handle: handle, mobile: mobile, returnTo: returnTo))
        let (state, code) = try #require(network.consent(start.authorizationURL, as: did))
        return LoginCallback(state: state, code: code, iss: Network.issuer)
    }

    /// A whole login; returns the broker token.
    func login(handle: String = "alice.bsky.social", as did: String = alice) async throws -> String {
        try await Self.result(of: broker.finishLogin(callback(handle: handle, as: did))).broker_token
    }

    struct Result: Decodable {
        let token: String
        let broker_token: String
        let nick: String
        let did: String
        let handle: String
        let pds_url: String
    }

    static func result(of outcome: LoginOutcome) throws -> Result {
        guard case .redirect(307, let location) = outcome, let mark = location.firstRange(of: "#oauth=") else {
            throw Unexpected(outcome: outcome)
        }
        return try JSONDecoder().decode(Result.self, from: #require(Base64URL.decode(String(location[mark.upperBound...]))))
    }

    struct Unexpected: Error {
        let outcome: LoginOutcome
    }

    /// The status of a call of `/session`: 200 or that of the error.
    func status(_ token: String) async -> Int {
        do {
            return try await broker.session(brokerToken: token).token.isEmpty ? -1 : 200
        } catch {
            return error.status
        }
    }

    /// Lets the access tokens run out.
    func expire() {
        clock.advance(by: .seconds(901))
    }

    /// The stored session of a broker token.
    func session(_ token: String) async throws -> PDSSession? {
        try await store.session(tokenHash: BrokerToken.hash(token))
    }
}
