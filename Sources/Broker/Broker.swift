package import ATProto
package import Accounts
package import Foundation
package import Logging
package import MainLoop
package import Store

/// The login broker: lets people sign in with AT Protocol accounts, keeps their sessions alive, and hands their clients
/// web tokens. The sidecar's routes are thin wrappers around it.
@LoopActor
package final class Broker {
    private let client: OAuthClient
    private let credentials: ClientCredentials
    let store: BrokerStore
    let logins: LoginFlow
    private let queue: RefreshQueue
    let webTokens: WebTokens
    let ends: SessionEnds
    private let revocations: Revocations
    private let allowance: RequestAllowance
    let limits: BrokerLimits
    let clock: any LoopClock
    let logger: Logger
    private(set) var isClosing = false

    /// Who is connected; set once, before the first request.
    package weak var people: (any ConnectedPeople)? {
        didSet { (ends.people, logins.people) = (people, people) }
    }

    /// - Parameters:
    ///   - client: made for the same public address as `configuration`.
    ///   - observer: told about each step of each refresh; for tests of crashes.
    package init(
        configuration: BrokerConfiguration, store: BrokerStore, client: OAuthClient, resolver: any IdentityResolving,
        webTokens: WebTokens, clock: any LoopClock, logger: Logger, observer: (any RefreshObserver)? = nil
    ) {
        self.client = client
        self.store = store
        self.webTokens = webTokens
        self.clock = clock
        self.logger = logger
        limits = configuration.limits
        allowance = RequestAllowance(
            burst: limits.sessionBurst, perSecond: limits.sessionsPerSecond, capacity: limits.countedTokens, clock: clock)
        credentials = ClientCredentials(identity: client.identity, store: store, clock: clock)
        revocations = Revocations(client: client, credentials: credentials, logger: logger)
        ends = SessionEnds(store: store, webTokens: webTokens, revocations: revocations, logger: logger)
        queue = RefreshQueue(
            store: store, client: client, credentials: credentials, resolver: resolver, clock: clock, logger: logger, limits: limits,
            observer: observer, revocations: revocations)
        logins = LoginFlow(
            configuration: configuration, client: client, credentials: credentials, resolver: resolver, store: store, webTokens: webTokens,
            clock: clock, logger: logger, revocations: revocations, ends: ends)
    }

    /// How refreshes ended, for monitoring.
    package var refreshes: Tally<RefreshResult> { queue.results }
    /// Refreshes that are under way, or have a token that the database did not take.
    package var refreshesUnderWay: Int { queue.machines.count }
    /// How logins on the web ended.
    package var signIns: Tally<SignInResult> { logins.results }

    /// Makes the client's first key and looks at what the last run left behind. Call once, before the first request.
    package func start() async throws {
        try await credentials.prepare()
        try await expire()
        let unanswered = try await store.unansweredRefreshes()
        if unanswered > 0 {
            logger.notice("refresh.unanswered", metadata: ["count": "\(unanswered)"])
        }
    }

    /// `GET /auth/login`.
    package func beginLogin(_ request: LoginRequest) async throws(BrokerError) -> LoginStart {
        guard !isClosing else { throw .unavailable("The server is stopping", retryAfter: 10) }
        return try await logins.begin(request)
    }

    /// `GET /auth/callback`.
    ///
    /// - Parameter browser: the mark of the browser that makes it; nil: it shows none.
    package func finishLogin(_ callback: LoginCallback, browser: String? = nil) async -> LoginOutcome {
        await logins.finish(callback, browser: browser)
    }

    /// `POST /session`: proves again who the owner of a broker token is, at the cost of at most one refresh for any
    /// number of callers, and mints a web token.
    package func session(brokerToken: String) async throws(BrokerError) -> SessionAnswer {
        let found = try await owner(of: brokerToken)
        let proof = await queue.prove(found)
        // It may have been ended while its server was asked.
        guard !ends.include(found.id) else { throw .sessionDead }
        switch proof {
        case .proven(let session):
            return try answer(session)
        case .dead:
            webTokens.void(logins: [found.id])
            if let did = DID(found.did) { people?.identityDoubted(did) }
            throw .sessionDead
        case .gone:
            throw .unknownToken
        case .unavailable(let retryAfter):
            throw .unavailable("The session cannot be refreshed at the moment", retryAfter: retryAfter.headerSeconds)
        }
    }

    /// The live session of a broker token, whose account may use it. No server is asked.
    func owner(of brokerToken: String) async throws(BrokerError) -> PDSSession {
        guard BrokerToken.isPlausible(brokerToken) else { throw .unknownToken }
        let hash = BrokerToken.hash(brokerToken)
        guard let found = try await stored({ try await self.store.session(tokenHash: hash) }) else { throw .unknownToken }
        if let wait = allowance.take(hash) { throw .tooMany(retryAfter: wait.headerSeconds) }
        if let reason = try await stored({ try await self.store.suspension(of: found.did) }) { throw .suspended(reason) }
        guard case .live = found.state, !ends.include(found.id) else { throw .sessionDead }
        guard !isOverdue(found) else {
            _ = try await stored { try await self.ends.end([found.id], reason: "its time was over") }
            throw .sessionDead
        }
        return found
    }

    /// What `body` reads or writes in the store.
    func stored<Value: Sendable>(_ body: @LoopActor () async throws -> Value) async throws(BrokerError) -> Value {
        do {
            return try await body()
        } catch {
            // A caller that went away ends its own look-up; that is no fault of the store.
            if !(error is CancellationError) { logger.error("broker.store.failed", metadata: ["error": "\(error)"]) }
            throw .unavailable("The session store is not available", retryAfter: limits.firstRetry.headerSeconds)
        }
    }

    private func answer(_ session: PDSSession) throws(BrokerError) -> SessionAnswer {
        guard let did = DID(session.did), case .live = session.state else { throw .sessionDead }
        let handle = queue.shownHandle(session)
        return SessionAnswer(
            token: webTokens.mint(did: did, handle: handle, login: session.id), nick: SuggestedNick.make(handle: handle, did: did),
            did: did.text,
            handle: handle?.text ?? Handle.invalid)
    }

    /// `GET /oauth-client-metadata.json`.
    package var clientMetadata: Data { client.identity.metadata }

    /// `GET /client-metadata.json`: the client that older sessions belong to.
    package var formerClientMetadata: Data { client.identity.formerMetadata }

    /// `GET /oauth-client-keys.json`; nil for the development client.
    package func clientKeys() async throws -> Data? {
        try await credentials.published()
    }

    /// Begins nothing more and waits, within ``BrokerLimits/shutdownBudget``, for refreshes and callbacks in flight: one
    /// that is cut off between answer and database costs its owner a new sign-in. Then for sessions that are given back:
    /// nobody could do that later.
    package func shutdown() async {
        isClosing = true
        queue.close()
        await TimeLimit.wait(limits.shutdownBudget, clock: clock) { [queue, logins, revocations] in
            await queue.drain()
            await logins.drain()
            await revocations.drain()
        }
        await queue.saveAll()
    }
}
