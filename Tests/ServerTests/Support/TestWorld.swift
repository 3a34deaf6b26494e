import ATProto
import Accounts
import Crypto
import Foundation
import Logging
import MainLoop
import NIOCore
import Push
import RoostTesting
import Store
import Synchronization

@testable import Server

/// A whole server in memory, without sockets: time stands still, identities are made up.
@LoopActor
final class TestWorld {
    let world: World
    let clock: VirtualClock
    let accounts: AccountStore
    let hasher: PasswordHasher
    let state: ServerStateStore
    let webTokens: WebTokens
    let identities = TestIdentities()
    let pds = TestPDS()
    let mailbox = TestMailbox()
    let webLogins = TestWebLogins()

    /// - Parameter service: who the server is to other servers; nil: it has no DID.
    init(
        database: RoostDatabase? = nil, clock: VirtualClock = VirtualClock(), push: PushSender? = nil, service: ServiceIdentity? = nil,
        blockLists: (any IPv4Lookup)? = nil,
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        _ change: (inout ServerConfiguration) -> Void = { _ in }
    ) async throws {
        let database = try database ?? RoostDatabase.inMemory()
        self.clock = clock
        accounts = AccountStore(database)
        state = ServerStateStore(database)
        webTokens = WebTokens(clock: clock)
        let history = HistoryStore(database)
        var configuration = ServerConfiguration()
        configuration.name = "irc.test"
        configuration.network = "Test"
        configuration.limits.floodControl = false
        change(&configuration)
        hasher = PasswordHasher(cost: .test, scramIterations: configuration.accounts.scram ? 16 : nil)
        let authenticator = Authenticator(
            accounts: accounts, hasher: hasher, resolver: identities, webTokens: webTokens,
            services: service.map { [identities] in
                ServiceLogin(service: $0, resolver: identities, lookups: .ofLookups(clock), clock: clock)
            },
            pds: PDSLogin(resolver: identities, fetcher: pds, clock: clock), status: RepoStatus(fetcher: pds, clock: clock),
            throttle: LoginThrottle(clock: clock), clock: clock, logger: logger)
        var services = World.Services(
            authenticator: authenticator, accounts: accounts, hasher: hasher, state: state, history: history,
            historyWriter: HistoryWriter(store: history, clock: clock, logger: logger), metadata: MetadataStore(database),
            readMarkers: ReadMarkerStore(database), channelRecords: RecordStore(database, .channel),
            presenceRecords: RecordStore(database, .presence), serverBans: ServerBanStore(database), audit: AuditStore(database),
            mail: mailbox.send,
            push: push ?? Self.idlePush(database, clock, logger))
        services.filters = FilterStore(database)
        services.blockListLookup = blockLists
        services.webLogins = webLogins
        services.review = identities.review
        world = World(
            configuration: configuration, services: services, cloakKey: SymmetricKey(data: Data(repeating: 7, count: 32)),
            lastSequence: try await history.newest().sequence, clock: clock, logger: logger)
        webLogins.world = world
        try await world.restore()
    }

    /// Sends nothing anywhere: nobody has subscribed.
    private static func idlePush(_ database: RoostDatabase, _ clock: VirtualClock, _ logger: Logger) -> PushSender {
        let secret = SymmetricKey(data: Data(repeating: 9, count: 32))
        return PushSender(
            fetcher: NoNetwork(), store: PushSubscriptionStore(database, box: SecretBox(key: secret)), key: VAPIDKey(derivedFrom: secret),
            subject: "mailto:root@irc.test", clock: clock, logger: logger)
    }

    /// A connection that has not said anything yet.
    func connect(from address: String = "192.0.2.1", secure: Bool = true, certificate: String? = nil) -> TestClient {
        let transport: Peer.Transport = secure ? .tls : .tcp
        return TestClient(
            in: self,
            peer: Peer(address: address, port: 40_000, isSecure: secure, transport: transport, certificateFingerprint: certificate))
    }

    /// A connection over a WebSocket that named no subprotocol: it takes long lines.
    func connectByWebSocket() -> TestClient {
        var peer = Peer(address: "192.0.2.1", port: 40_000, isSecure: true, transport: .webSocket)
        peer.takesLongLines = true
        return TestClient(in: self, peer: peer)
    }

    /// A registered client that has read its greeting, and is in `channel`.
    func join(
        _ nick: String, in channel: String? = nil, capabilities: String = "", from address: String = "192.0.2.1",
        keepsGreeting: Bool = false, secure: Bool = true
    ) async -> TestClient {
        let client = connect(from: address, secure: secure)
        if !capabilities.isEmpty { await client.send("CAP REQ :\(capabilities)") }
        await client.send("NICK \(nick)", "USER \(nick) 0 * :\(nick.capitalized)")
        if !capabilities.isEmpty { await client.send("CAP END") }
        if let channel { await client.send("JOIN \(channel)") }
        if !keepsGreeting { client.clear() }
        return client
    }

    /// A registered client with a local account of the same name, which it is logged in to.
    func logIn(_ nick: String, in channel: String? = nil, capabilities: String = "") async throws -> TestClient {
        try await addAccount(nick, password: "secret")
        let client = await join(nick, capabilities: capabilities)
        let answer = Data("\0\(nick)\0secret".utf8).base64EncodedString()
        await client.send("AUTHENTICATE PLAIN", "AUTHENTICATE \(answer)")
        if let channel { await client.send("JOIN \(channel)") }
        client.clear()
        return client
    }

    /// A client that operates the server.
    func operate(_ nick: String, in channel: String? = nil, capabilities: String = "") async throws -> TestClient {
        try await addAccount(nick, password: "secret", isOperator: true)
        let client = await join(nick, in: channel, capabilities: capabilities)
        await client.send("OPER \(nick) secret")
        client.clear()
        return client
    }

    /// What a service tells an administrator.
    func administer(_ service: String, _ text: String) async throws -> [String] {
        try await world.command(service, text, by: .administrator("a test")).lines
    }

    /// A local account.
    func addAccount(_ name: String, password: String, isOperator: Bool = false) async throws {
        var record = AccountRecord(
            name: name, passwordHash: try await hasher.hash(password), isOperator: isOperator, createdAt: clock.wallMilliseconds)
        record.scramVerifier = try await hasher.scramVerifier(for: password)
        _ = try await accounts.create(record)
    }

    /// Lets everything happen that follows from what was sent: slow work and the ends of turns.
    func settle() async {
        let isBusy = {
            self.world.jobsInFlight > 0 || !self.world.identityRounds.running.isEmpty || !self.world.blockListQuestions.waiting.isEmpty
        }
        repeat {
            while isBusy() { await Task.yield() }
            try? await LoopActor.eventLoop.submit {}.get()
        } while isBusy()
    }

    /// Moves time forward and runs the sweep of every second in between.
    func advance(seconds: Int) async {
        for _ in 0..<seconds {
            clock.advance(by: .seconds(1))
            world.tick()
        }
        await settle()
    }
}

/// There is no way to anywhere.
private struct NoNetwork: Fetching {
    func fetch(_ request: FetchRequest) async throws(FetchError) -> FetchResponse { throw .unreachable(reason: "a test") }
}

/// Identities that a test makes up.
final class TestIdentities: IdentityResolving {
    @LoopActor var documents: [DID: DIDDocument] = [:]
    @LoopActor var handles: [DID: Handle] = [:]
    /// What a look at an identity comes to; without an entry nobody can tell.
    @LoopActor var verdicts: [DID: IdentityVerdict] = [:]
    /// Runs when the handle of somebody is verified: the last step of a login that has been found good.
    @LoopActor var whileVerifying: (@LoopActor @Sendable (DID) async -> Void)?
    /// Who was looked at, in order.
    @LoopActor private(set) var looks: [DID] = []

    @LoopActor @Sendable func review(_ did: DID) async -> IdentityVerdict {
        looks.append(did)
        return verdicts[did] ?? .unknown
    }

    func resolve(handle: Handle) async throws(IdentityError) -> DID {
        guard let did = await handles.first(where: { $0.value == handle })?.key else { throw .notFound(handle.text) }
        return did
    }

    func resolve(did: DID, fresh: Bool) async throws(IdentityError) -> DIDDocument {
        guard let document = await documents[did] else { throw .notFound(did.text) }
        return document
    }

    func verifiedHandle(of did: DID) async -> Handle? {
        await whileVerifying?(did)
        return await handles[did]
    }
}

/// Takes what the server sends by mail.
final class TestMailbox: Sendable {
    private struct Broken: Error {}

    private let mails = Mutex<[(address: String, text: String)]>([])
    private let isBroken = Mutex(false)

    /// The newest mail.
    var last: String? { mails.withLock { $0.last?.text } }
    /// To whom mails went, in order.
    var addresses: [String] { mails.withLock { $0.map(\.address) } }

    /// Says whether mails cannot be sent from now on.
    func setBroken(_ value: Bool) { isBroken.withLock { $0 = value } }

    @Sendable func send(_ address: String, _ subject: String, _ text: String) async throws {
        guard !isBroken.withLock({ $0 }) else { throw Broken() }
        mails.withLock { $0.append((address, text)) }
    }
}
