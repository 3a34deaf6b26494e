/// What a request to the peer asks for; faults and the log name it.
package enum PeerEndpoint: String, Sendable, CaseIterable {
    case resourceMetadata, serverMetadata, par, authorize, codeGrant, refreshGrant, otherGrant, revoke
    case plc, didWeb, handle, getSession, repoStatus, unknown

    /// Which nonces its answers carry.
    var role: PeerRole? {
        switch self {
        case .par, .codeGrant, .refreshGrant, .otherGrant, .revoke: .authorizationServer
        case .getSession: .resourceServer
        default: nil
        }
    }

    /// The only method it answers to.
    var method: String? {
        switch self {
        case .par, .codeGrant, .refreshGrant, .otherGrant, .revoke: "POST"
        case .unknown: nil
        default: "GET"
        }
    }
}

/// The two sides that check DPoP proofs, each with nonces of its own.
enum PeerRole: Hashable, Sendable {
    case authorizationServer, resourceServer
}
