import ATProto
import Foundation
import Logging
import MainLoop
import Store

/// Keeps PDS sessions up to date: at most one flight per session at a time, shared by all who ask while it lasts.
///
/// A flight belongs to the queue. A caller that goes away neither stops nor delays it.
@LoopActor
final class RefreshQueue {
    let store: BrokerStore
    let client: OAuthClient
    let credentials: ClientCredentials
    let resolver: any IdentityResolving
    let clock: any LoopClock
    let logger: Logger
    let limits: BrokerLimits
    let observer: (any RefreshObserver)?
    let revocations: Revocations
    let metrics = RefreshMetrics()
    let gate: RefreshGate
    let backoff: Backoff

    private var flights: [String: Task<SessionProof, Never>] = [:]
    private var isClosing = false

    /// Rotated tokens that the database did not take. They are all that is left of their sessions, so they are kept
    /// here and stored before anything else is done with the session. Not more than ``BrokerLimits/refreshBacklog``.
    var unsaved: [String: UnsavedRotation] = [:]

    init(
        store: BrokerStore, client: OAuthClient, credentials: ClientCredentials, resolver: any IdentityResolving, clock: any LoopClock,
        logger: Logger, limits: BrokerLimits, observer: (any RefreshObserver)?, revocations: Revocations
    ) {
        self.store = store
        self.client = client
        self.credentials = credentials
        self.resolver = resolver
        self.clock = clock
        self.logger = logger
        self.limits = limits
        self.observer = observer
        self.revocations = revocations
        gate = RefreshGate(perIssuer: limits.refreshesPerIssuer, total: limits.refreshes)
        backoff = Backoff(first: limits.firstRetry, longest: limits.longestRetry)
    }

    /// Brings a session up to date, if it is not already.
    ///
    /// - Parameter session: the row as just read; a flight reads it again.
    func prove(_ session: PDSSession) async -> SessionProof {
        if case .dead = session.state { return .dead }
        let margin = Int64.random(in: limits.refreshMargin)
        if isFresh(session, margin: margin), !needsVisit(session), unsaved[session.id] == nil { return .proven(session) }
        if let flight = flights[session.id] { return await flight.value }
        guard !isClosing, flights.count < limits.refreshBacklog else { return .unavailable(retryAfter: limits.firstRetry) }
        let flight = Task { await fly(session.id, margin: margin) }
        flights[session.id] = flight
        return await flight.value
    }

    /// Begins no more flights. Those that run go on; ``drain()`` waits for them.
    func close() {
        isClosing = true
    }

    /// Returns when the flights of this moment have landed.
    func drain() async {
        for flight in Array(flights.values) { _ = await flight.value }
    }

    /// Tries once more to store what the database did not take.
    func saveAll() async {
        for id in Array(unsaved.keys) { _ = await save(id) }
    }

    private func fly(_ id: String, margin: Int64) async -> SessionProof {
        defer { flights[id] = nil }
        do {
            return await visit(try await proof(id, margin: margin))
        } catch {
            logger.error("The session store failed", metadata: ["session": "\(id)", "error": "\(error)"])
            return .unavailable(retryAfter: limits.firstRetry)
        }
    }

    private func proof(_ id: String, margin: Int64) async throws -> SessionProof {
        if unsaved[id] != nil {
            guard let rotation = await save(id) else { return .unavailable(retryAfter: limits.firstRetry) }
            return try await accept(rotation)
        }
        guard let session = try await store.session(id: id) else { return .gone }
        if case .dead = session.state { return .dead }
        if isFresh(session, margin: margin) { return .proven(session) }
        let now = clock.wallMilliseconds
        if let retryAt = session.retryAt, (now + 1...now + Self.horizon).contains(retryAt) {
            return unproven(session, retryAfter: .milliseconds(retryAt - now))
        }
        guard unsaved.count < limits.refreshBacklog else { return .unavailable(retryAfter: limits.firstRetry) }
        await gate.enter(session.issuer)
        defer { gate.leave(session.issuer) }
        return try await refresh(session)
    }

    private func isFresh(_ session: PDSSession, margin: Int64) -> Bool {
        let now = clock.wallMilliseconds
        return (now + margin + 1...now + Self.horizon).contains(session.accessExpiresAt)
    }

    /// No stored time lies further ahead than this (milliseconds) unless the clock was set back; then it is not believed.
    private static let horizon: Int64 = 7_200_000

    /// A refresh failed, but the last access token is still in force: the owner stays proven until it runs out.
    func unproven(_ session: PDSSession, retryAfter: Duration) -> SessionProof {
        session.accessExpiresAt > clock.wallMilliseconds ? .proven(session) : .unavailable(retryAfter: retryAfter)
    }
}
