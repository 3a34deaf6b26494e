import Accounts
import Logging
import MainLoop
import OrderedCollections
import Store

/// Ends sessions before their time: here, at their servers, and with them all that rests on them.
@LoopActor
final class SessionEnds {
    /// Told what is over.
    weak var people: (any ConnectedPeople)?
    private let store: BrokerStore
    private let webTokens: WebTokens
    private let revocations: Revocations
    private let logger: Logger
    private let capacity: Int
    /// Those ended lately: what was under way at that moment must not bring one back.
    private var ended: OrderedSet<String> = []

    /// - Parameter capacity: how many are remembered; the first go first.
    init(store: BrokerStore, webTokens: WebTokens, revocations: Revocations, logger: Logger, capacity: Int = 10_000) {
        (self.store, self.webTokens, self.revocations, self.logger, self.capacity) = (store, webTokens, revocations, logger, capacity)
    }

    /// Whether this session was ended lately.
    func include(_ id: String) -> Bool { ended.contains(id) }

    var count: Int { ended.count }

    /// Notes that these sessions have made room for newer ones, and gives them back. Who is connected stays: it was proven then.
    func makeRoom(_ sessions: [EndedSession]) {
        remember(sessions.map(\.id))
        sessions.forEach(revocations.revoke)
    }

    /// Remembers those that were not known to be over yet, and returns them; what was minted for them is void.
    @discardableResult
    private func remember(_ ids: [String]) -> Set<String> {
        let new = Set(ids.filter { ended.append($0).inserted })
        if ended.count > capacity { ended.removeFirst(ended.count - capacity) }
        webTokens.void(logins: new)
        return new
    }

    /// Ends these sessions. When it returns, that is on disk; their servers are told in the background. Should the database
    /// fail, they are over for this run of the server.
    ///
    /// - Parameter closesConnections: whether what rests on them ends too.
    /// - Returns: how many of them were live.
    @discardableResult
    func end(_ ids: [String], reason: String, closesConnections: Bool = true) async throws -> Int {
        let new = remember(ids)
        if closesConnections, !new.isEmpty { people?.webLoginsEnded(new, reason: reason) }
        let given = try await store.end(ids, reason: reason)
        for session in given {
            logger.info("session.ended", metadata: ["did": "\(session.did)", "reason": "\(reason)"])
            revocations.revoke(session)
        }
        return given.count
    }
}
