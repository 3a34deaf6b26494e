/// One request to the peer, as it was answered.
package struct PeerLogEntry: Sendable {
    /// What the DPoP proof said of the server's nonce.
    package enum Nonce: String, Sendable {
        case missing, stale, current
    }

    /// Counts from 1 in the order in which requests arrived.
    package var sequence: Int
    /// What was asked for.
    package var endpoint: PeerEndpoint
    package var method: String
    package var path: String
    /// The account it was about, as far as it is known.
    package var account: String?
    /// The status of the answer; 0 when the connection was reset, nil while the request is being worked on.
    package var status: Int?
    /// The OAuth or XRPC error code of the answer.
    package var error: String?
    /// What the proof said of the nonce; nil when it was not looked at.
    package var nonce: Nonce?
    /// The key that the client showed; nil: none.
    package var clientKey: String?
    /// Whether a fault hit it.
    package var wasFaulted = false
}

/// What the peer counted since it started, or since ``ATProtoPeer/resetCounters()``.
package struct PeerCounters: Sendable, Equatable {
    /// Requests by endpoint, nonce retries included.
    package var requests: [PeerEndpoint: Int] = [:]
    /// Sessions opened by a code.
    package var codeGrants = 0
    /// Rotations of a refresh token.
    package var refreshes = 0
    /// The same by DID.
    package var refreshesByAccount: [String: Int] = [:]
    /// The most refresh requests that were under way at one time, over all accounts.
    package var maximumRefreshesInFlight = 0
    /// The same by DID.
    package var maximumRefreshesInFlightByAccount: [String: Int] = [:]
    /// Refresh requests that came while another of the same session was under way.
    package var overlappingRefreshes = 0
    /// Refresh tokens that came a second time after they were used, each costing its session.
    package var replays = 0
    /// Codes that came a second time.
    package var codeReplays = 0
    /// Sessions deleted for a fault of the client (not by revocation).
    package var deletedSessions = 0
    /// Sessions ended by the revocation endpoint.
    package var revokedSessions = 0
    /// Answers `use_dpop_nonce`.
    package var nonceChallenges = 0
    /// The most times that any one refresh token reached the grant (proof and nonce being right).
    package var mostPresentationsOfOneRefreshToken = 0
}

/// The last requests and the counters.
struct PeerRecords {
    /// How many entries are kept; older ones are dropped.
    static let logLimit = 20_000

    private(set) var log: [PeerLogEntry] = []
    private(set) var sequence = 0
    var counters = PeerCounters()
    private var presentations: [String: Int] = [:]
    private var inFlight: [Int: Int] = [:]
    private var inFlightByAccount: [String: Int] = [:]

    mutating func begin(_ request: PeerRequest, endpoint: PeerEndpoint, account: String?) -> Int {
        sequence += 1
        if log.count >= Self.logLimit { log.removeFirst(Self.logLimit / 10) }
        log.append(
            PeerLogEntry(sequence: sequence, endpoint: endpoint, method: request.method, path: request.path, account: account))
        counters.requests[endpoint, default: 0] += 1
        return sequence
    }

    mutating func note(_ sequence: Int, _ change: (inout PeerLogEntry) -> Void) {
        guard let first = log.first?.sequence, log.indices.contains(sequence - first) else { return }
        change(&log[sequence - first])
    }

    /// Counts a refresh request in, from its arrival to its answer.
    mutating func enterRefresh(session: Int?, account: String?) {
        if let session {
            inFlight[session, default: 0] += 1
            if inFlight[session, default: 0] > 1 { counters.overlappingRefreshes += 1 }
        }
        let key = account ?? ""
        inFlightByAccount[key, default: 0] += 1
        counters.maximumRefreshesInFlightByAccount[key] = max(
            counters.maximumRefreshesInFlightByAccount[key] ?? 0, inFlightByAccount[key] ?? 0)
        counters.maximumRefreshesInFlight = max(counters.maximumRefreshesInFlight, inFlightByAccount.values.reduce(0, +))
    }

    /// Counts a refresh request out.
    mutating func leaveRefresh(session: Int?, account: String?) {
        if let session { Self.decrement(&inFlight, session) }
        Self.decrement(&inFlightByAccount, account ?? "")
    }

    private static func decrement<Key: Hashable>(_ counts: inout [Key: Int], _ key: Key) {
        let left = (counts[key] ?? 1) - 1
        counts[key] = left > 0 ? left : nil
    }

    /// Counts that a refresh token reached the grant.
    mutating func presented(_ refreshToken: String) {
        let times = (presentations[refreshToken] ?? 0) + 1
        presentations[refreshToken] = times
        counters.mostPresentationsOfOneRefreshToken = max(counters.mostPresentationsOfOneRefreshToken, times)
    }

    mutating func resetCounters() {
        counters = PeerCounters()
        presentations = [:]
    }
}
