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
    /// How refreshes ended.
    var results = Tally<RefreshResult>()
    let gate: RefreshGate
    let backoff: Backoff

    /// One for each session that is in flight, or has a rotated token that the database did not take. Not more than
    /// ``BrokerLimits/refreshBacklog``.
    private(set) var machines: [String: RefreshMachine] = [:]
    private var flights: [String: Task<SessionProof, Never>] = [:]
    private var isClosing = false

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
        let id = session.id
        let known = machines[id]
        var machine = known ?? RefreshMachine(id: id, firstRetry: limits.firstRetry)
        let entry = machine.call(
            session, margin: .random(in: limits.refreshMargin), needsVisit: needsVisit(session), now: clock.wallMilliseconds)
        switch entry {
        case .answered(let proof): return proof
        case .joined: break
        case .begun:
            guard !isClosing, known != nil || machines.count < limits.refreshBacklog else { break }
            machines[id] = machine
            flights[id] = Task { await fly(id) }
        }
        return await flights[id]?.value ?? .unavailable(retryAfter: limits.firstRetry)
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
        for rotation in machines.values.compactMap(\.unsaved) { _ = await save(rotation) }
    }

    private func fly(_ id: String) async -> SessionProof {
        /// The server at whose gate the flight has a place.
        var place: String?
        while let machine = machines[id] {
            if let issuer = place, machine.stage.isBeyondServer {
                gate.leave(issuer)
                place = nil
            }
            if case .landed(let proof) = machine.stage {
                flights[id] = nil
                machines[id]?.rest()
                if machine.unsaved == nil { machines[id] = nil }
                return proof
            }
            let event: RefreshEvent
            do {
                event = try await perform(machine)
            } catch {
                logger.error("broker.store.failed", metadata: ["session": "\(id)", "error": "\(error)"])
                event = .failed
            }
            if case .queueing(let session) = machine.stage { place = session.issuer }
            machines[id]?.handle(event, now: clock.wallMilliseconds)
        }
        return .unavailable(retryAfter: limits.firstRetry)
    }
}
