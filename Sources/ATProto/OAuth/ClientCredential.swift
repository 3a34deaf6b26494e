/// Who a session belongs to, in the eyes of its authorization server, and what proves that.
package struct ClientCredential: Sendable {
    /// The form of an assertion (RFC 7523, 2.2).
    private static let assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    /// The client the session was opened with; it outlives a change of the public address.
    package let clientID: String
    /// The key the session was opened with. Nil: as a public client, which needs no proof and must not show any.
    package let key: ClientKey?

    package init(clientID: String, key: ClientKey?) {
        (self.clientID, self.key) = (clientID, key)
    }

    /// What a request to the authorization server carries so that it knows the client. Made anew for each request: an
    /// assertion counts once.
    ///
    /// - Parameter now: milliseconds since 1970.
    func authentication(at issuer: String, now: Int64) throws -> [(String, String)] {
        guard let key else { return [("client_id", clientID)] }
        return [
            ("client_id", clientID), ("client_assertion_type", Self.assertionType),
            ("client_assertion", try key.assertion(clientID: clientID, issuer: issuer, now: now)),
        ]
    }
}
