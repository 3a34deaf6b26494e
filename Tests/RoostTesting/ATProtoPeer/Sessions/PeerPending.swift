/// What a client pushed before it sends the browser.
struct PeerPushedRequest {
    let clientID: String
    let authentication: PeerClientAuthentication
    let redirectURI: String
    let scope: String
    let state: String
    let challenge: String
    let loginHint: String?
    let thumbprint: String
    /// Milliseconds since 1970.
    let expiresAt: Int64
}

/// A code on its way back to the client.
struct PeerCode {
    let request: PeerPushedRequest
    let did: String
    /// Milliseconds since 1970.
    let expiresAt: Int64
    /// Whether it was presented, rightly or wrongly.
    var isSpent = false
    /// The session it opened.
    var session: Int?
}
