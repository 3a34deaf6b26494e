extension PeerState {
    /// `POST /oauth/par` (RFC 9126).
    mutating func push(_ request: PeerRequest, sequence: Int) throws(PeerOAuthFailure) -> PeerResponse {
        let form = try request.form()
        let client = try client(form)
        let proof = try proof(of: request, at: .authorizationServer, sequence: sequence)
        let authentication = try authenticate(client, form, sequence: sequence)
        guard form["client_secret"] == nil, form["request_uri"] == nil, form["request"] == nil else {
            throw .invalidRequest("A parameter has no place here")
        }
        guard form["response_type"] == "code" else {
            throw PeerOAuthFailure(status: 400, error: "unsupported_response_type", description: "response_type must be code")
        }
        guard let redirect = form["redirect_uri"], client.allows(redirect: redirect) else {
            throw .invalidRedirect("redirect_uri is missing or not one that the client declared")
        }
        let scope = form["scope"] ?? ""
        let scopes = Set(scope.split(separator: " ").map(String.init))
        guard scopes.contains("atproto"), scopes.isSubset(of: client.scopes) else {
            throw .invalidScope("scope must contain atproto and only what the client declared")
        }
        if let bound = form["dpop_jkt"], bound != proof.thumbprint { throw .invalidToken("dpop_jkt is not the key of the proof") }
        guard form["code_challenge_method"] == "S256", let challenge = form["code_challenge"], challenge.utf8.count == 43,
            PeerText.base64URLDecoded(challenge)?.count == 32
        else { throw .invalidRequest("A code_challenge with S256 is needed") }
        guard challenges.insert(challenge, until: now + 86_400_000, now: now) else {
            throw .invalidRequest("The code_challenge was used before")
        }
        guard let state = form["state"], state.utf8.count >= 8, states.insert(state, until: now + 86_400_000, now: now) else {
            throw .invalidRequest("A state of at least 8 bytes is needed, never one used before")
        }
        let uri = "urn:ietf:params:oauth:request_uri:" + PeerText.secret("req-")
        pushed[uri] = PeerPushedRequest(
            clientID: form["client_id"] ?? "", authentication: authentication, redirectURI: redirect, scope: scope, state: state,
            challenge: challenge,
            loginHint: form["login_hint"], thumbprint: proof.thumbprint, expiresAt: now + 299_000)
        return .json(["request_uri": .string(uri), "expires_in": 299], status: 201)
    }
}
