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
    private let store: BrokerStore
    let logins: LoginFlow
    private let queue: RefreshQueue
    private let webTokens: WebTokens
    private let allowance: RequestAllowance
    private let limits: BrokerLimits
    private let clock: any LoopClock
    private let logger: Logger
    private var isClosing = false

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
        let revocations = Revocations(client: client, credentials: credentials, logger: logger)
        queue = RefreshQueue(
            store: store, client: client, credentials: credentials, resolver: resolver, clock: clock, logger: logger, limits: limits,
            observer: observer, revocations: revocations)
        logins = LoginFlow(
            configuration: configuration, client: client, credentials: credentials, resolver: resolver, store: store, webTokens: webTokens,
            clock: clock, logger: logger, revocations: revocations)
    }

    /// Makes the client's first key and looks at what the last run left behind. Call once, before the first request.
    package func start() async throws {
        try await credentials.prepare()
        let forgotten = try await store.prune(unusedSince: clock.wallMilliseconds - limits.sessionLifetime.milliseconds)
        let unanswered = try await store.unansweredRefreshes()
        if forgotten > 0 { logger.info("Forgot sessions unused for long", metadata: ["count": "\(forgotten)"]) }
        if unanswered > 0 {
            logger.notice("The last run stopped in the middle of refreshes; each is tried once more", metadata: ["count": "\(unanswered)"])
        }
    }

    /// `GET /auth/login`.
    package func beginLogin(_ request: LoginRequest) async throws(BrokerError) -> LoginStart {
        guard !isClosing else { throw .unavailable("The server is stopping", retryAfter: 10) }
        return try await logins.begin(request)
    }

    /// `GET /auth/callback`.
    package func finishLogin(_ callback: LoginCallback) async -> LoginOutcome {
        await logins.finish(callback)
    }

    /// `POST /session`: proves again who the owner of a broker token is, at the cost of at most one refresh for any
    /// number of callers, and mints a web token.
    package func session(brokerToken: String) async throws(BrokerError) -> SessionAnswer {
        guard BrokerToken.isPlausible(brokerToken) else { throw .unknownToken }
        let hash = BrokerToken.hash(brokerToken)
        let found: PDSSession?
        do {
            found = try await store.session(tokenHash: hash)
        } catch {
            // A caller that went away ends its own look-up; that is no fault of the store.
            if !(error is CancellationError) { logger.error("The session store failed", metadata: ["error": "\(error)"]) }
            throw .unavailable("The session store is not available", retryAfter: limits.firstRetry.headerSeconds)
        }
        guard let found else { throw .unknownToken }
        if let wait = allowance.take(hash) { throw .tooMany(retryAfter: wait.headerSeconds) }
        switch await queue.prove(found) {
        case .proven(let session):
            return try answer(session)
        case .dead:
            throw .sessionDead
        case .gone:
            throw .unknownToken
        case .unavailable(let retryAfter):
            throw .unavailable("The session cannot be refreshed at the moment", retryAfter: retryAfter.headerSeconds)
        }
    }

    private func answer(_ session: PDSSession) throws(BrokerError) -> SessionAnswer {
        guard let did = DID(session.did) else { throw .sessionDead }
        let handle = queue.shownHandle(session)
        return SessionAnswer(
            token: webTokens.mint(did: did, handle: handle), nick: SuggestedNick.make(handle: handle, did: did), did: did.text,
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
    /// that is cut off between answer and database costs its owner a new sign-in.
    package func shutdown() async {
        isClosing = true
        queue.close()
        await TimeLimit.wait(limits.shutdownBudget, clock: clock) { [queue, logins] in
            await queue.drain()
            await logins.drain()
        }
        await queue.saveAll()
    }
}
