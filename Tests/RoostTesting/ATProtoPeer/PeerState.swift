import Foundation

/// Everything the peer knows. A value: the endpoints are its methods, in a file each below Endpoints.
struct PeerState {
    var options: ATProtoPeerOptions
    var origins: PeerOrigins
    var accounts = PeerAccounts()
    var sessions = PeerSessions()
    /// Whose the access tokens of sessions without a key are (`createSession`).
    var bearers: [String: String] = [:]
    var pushed: [String: PeerPushedRequest] = [:]
    var codes: [String: PeerCode] = [:]
    var faults = PeerFaultPlan()
    var records = PeerRecords()
    var zone = PeerZone()
    var proofs = PeerOnceTable()
    var challenges = PeerOnceTable()
    var states = PeerOnceTable()
    var assertions = PeerOnceTable()
    /// The documents of clients and their key sets, by address.
    var documents: [String: Data] = [:]
    private var nonces: [PeerRole: PeerNonces]

    init(options: ATProtoPeerOptions, origins: PeerOrigins) {
        self.options = options
        self.origins = origins
        let now = Self.machineTime
        nonces = [.authorizationServer: PeerNonces(now: now), .resourceServer: PeerNonces(now: now)]
    }

    private static var machineTime: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

    /// Milliseconds since 1970 by the peer's clock.
    var now: Int64 { Self.machineTime + options.clockOffset * 1000 }

    /// The nonce that goes out with an answer.
    mutating func nonce(of role: PeerRole) -> String {
        let (now, lifetime) = (now, options.nonceLifetime)
        return nonces[role, default: PeerNonces(now: now)].newest(now: now, lifetime: lifetime)
    }

    mutating func forgetNonces() {
        let now = now
        for role in nonces.keys { nonces[role]?.forgetAll(now: now) }
    }

    /// Checks the DPoP proof of a request: form, signature, binding, nonce and replay, in this order.
    mutating func proof(
        of request: PeerRequest, at role: PeerRole, accessToken: String? = nil, sequence: Int
    ) throws(PeerOAuthFailure) -> PeerProof {
        let (now, lifetime) = (now, options.nonceLifetime)
        let origin = role == .authorizationServer ? origins.issuer : origins.pds
        let proof = try PeerProof(
            request.headers, method: request.method, url: origin + request.path, accessToken: accessToken, now: now)
        let isCurrent = proof.nonce.map { nonces[role]?.accepts($0, now: now, lifetime: lifetime) ?? false }
        records.note(sequence) { $0.nonce = isCurrent.map { $0 ? .current : .stale } ?? .missing }
        guard isCurrent == true else {
            records.counters.nonceChallenges += 1
            throw .useNonce(at: role)
        }
        guard proofs.insert(proof.identifier, until: now + 400_000, now: now) else {
            throw .invalidProof("The proof was used before")
        }
        return proof
    }

    /// Ends a session because its client did something it must not.
    mutating func punish(_ session: Int) {
        guard sessions[session] != nil else { return }
        sessions.delete(session)
        records.counters.deletedSessions += 1
    }
}
