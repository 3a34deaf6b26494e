/// A client as its identifier or its document describes it.
protocol PeerClient {
    /// The scopes it may ask for.
    var scopes: Set<String> { get }

    /// Whether it declared this address.
    func allows(redirect: String) -> Bool

    /// Checks that a request comes from the client.
    ///
    /// - Parameters:
    ///   - issuer: the authorization server that is asked.
    ///   - now: milliseconds since 1970.
    func authenticate(_ form: [String: String], issuer: String, now: Int64) throws(PeerOAuthFailure) -> PeerClientAuthentication
}

/// How a client showed that it is itself. A session stays with what it was opened with.
enum PeerClientAuthentication: Hashable, Sendable {
    case none
    /// `private_key_jwt`: the name of the key and its bytes; the identifier counts for nothing in a comparison.
    case key(kid: String, point: [UInt8])
}

extension PeerState {
    /// The client of a request; its document as it stands now.
    func client(_ form: [String: String]) throws(PeerOAuthFailure) -> any PeerClient {
        guard let identifier = form["client_id"], !identifier.isEmpty else { throw .invalidClient("client_id is missing") }
        guard identifier.hasPrefix("https://") else { return try PeerDevelopmentClient(identifier) }
        return try PeerDocumentClient(identifier, documents: documents)
    }

    /// How the client of a request shows that it is itself. An assertion counts once.
    mutating func authenticate(
        _ client: any PeerClient, _ form: [String: String], sequence: Int
    ) throws(PeerOAuthFailure) -> PeerClientAuthentication {
        let authentication = try client.authenticate(form, issuer: origins.issuer, now: now)
        if case .key(let kid, _) = authentication, let assertion = form["client_assertion"] {
            records.note(sequence) { $0.clientKey = kid }
            let identifier = try PeerAssertion(assertion).claims.jti
            guard assertions.insert(identifier, until: now + 120_000, now: now) else { throw .invalidGrant("jti was used before") }
        }
        return authentication
    }
}
