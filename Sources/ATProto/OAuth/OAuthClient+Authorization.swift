import MainLoop

/// One login on its way, from the pushed request to the code.
package struct AuthorizationRequest: Sendable {
    /// Where the login goes.
    package let server: AuthorizationServer
    /// As what the session will be opened, and must then be refreshed.
    package let client: ClientCredential
    /// What the person typed, a handle or a DID; nil: the server asks who it is.
    package let loginHint: String?
    /// Random and never used before; names the login when the browser comes back.
    package let state: String
    /// Binds the code to this login.
    package let pkce: PKCE
    /// Binds the tokens to this login; lives on with its session.
    package let key: DPoPKey

    /// A login with a state, verifier and key of its own.
    package init(
        server: AuthorizationServer, client: ClientCredential, loginHint: String?, state: String = RandomToken.make(), pkce: PKCE = PKCE(),
        key: DPoPKey = DPoPKey()
    ) {
        (self.server, self.client, self.loginHint) = (server, client, loginHint)
        (self.state, self.pkce, self.key) = (state, pkce, key)
    }
}

extension OAuthClient {
    /// Pushes the request (RFC 9126) and returns the address to send the browser to.
    package func push(_ request: AuthorizationRequest) async throws(OAuthError) -> String {
        let answer = try await post(
            request.server.pushedRequestEndpoint, of: request.server.issuer,
            [
                ("response_type", "code"), ("redirect_uri", identity.redirectURI), ("scope", ClientIdentity.scope),
                ("state", request.state), ("code_challenge", request.pkce.challenge), ("code_challenge_method", "S256"),
            ] + (request.loginHint.map { [("login_hint", $0)] } ?? []), as: request.client, key: request.key)
        guard (200..<300).contains(answer.status) else { throw answer.refusal }
        guard let uri = JSONDocument(answer.body)?.string("request_uri"), !uri.isEmpty, uri.utf8.count <= 2048 else {
            throw .unreadable("the answer has no request_uri")
        }
        let endpoint = request.server.authorizationEndpoint
        return endpoint + (endpoint.contains("?") ? "&" : "?")
            + FormBody.query([("client_id", request.client.clientID), ("request_uri", uri)])
    }

    /// Redeems the code of a login. The answer is unchecked.
    package func redeem(code: String, of request: AuthorizationRequest) async throws(OAuthError) -> TokenAnswer {
        let answer = try await post(
            request.server.tokenEndpoint, of: request.server.issuer,
            [
                ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", identity.redirectURI),
                ("code_verifier", request.pkce.verifier),
            ], as: request.client, key: request.key)
        guard (200..<300).contains(answer.status) else { throw answer.refusal }
        guard let tokens = TokenAnswer(json: answer.body) else { throw .unreadable("the token answer is not readable") }
        return tokens
    }
}

extension OAuthAnswer {
    fileprivate var refusal: OAuthError { .refused(status: status, code: error ?? "", retryAfter: retryAfter) }
}
