extension PeerState {
    /// `POST /oauth/token` with `authorization_code`. A code that is presented is spent, whatever else is wrong.
    mutating func exchangeCode(_ request: PeerRequest, sequence: Int) throws(PeerOAuthFailure) -> PeerResponse {
        let form = try request.form()
        let client = try client(form)
        let proof = try proof(of: request, at: .authorizationServer, sequence: sequence)
        let authentication = try authenticate(client, form, sequence: sequence)
        guard let value = form["code"], var code = codes[value] else { throw .invalidGrant("The code is unknown") }
        records.note(sequence) { $0.account = code.did }
        guard !code.isSpent else {
            records.counters.codeReplays += 1
            if let session = code.session { punish(session) }
            throw .invalidGrant("The code was used before")
        }
        code.isSpent = true
        codes[value] = code
        guard code.expiresAt > now else { throw .invalidGrant("The code is too old") }
        guard form["client_id"] == code.request.clientID, form["redirect_uri"] == code.request.redirectURI else {
            throw .invalidGrant("The code belongs to another client_id or redirect_uri")
        }
        guard authentication == code.request.authentication else { throw .invalidGrant("The code belongs to another key of the client") }
        guard proof.thumbprint == code.request.thumbprint else { throw .invalidGrant("The code is bound to another DPoP key") }
        guard let verifier = form["code_verifier"], (43...128).contains(verifier.utf8.count),
            PeerText.digest(verifier) == code.request.challenge
        else { throw .invalidGrant("code_verifier does not fit the code_challenge") }
        let session = sessions.open(
            did: code.did, clientID: code.request.clientID, authentication: authentication, thumbprint: proof.thumbprint,
            scope: code.request.scope, now: now, options: options)
        codes[value]?.session = session.id
        records.counters.codeGrants += 1
        return tokenAnswer(session)
    }

    /// The answer that hands out a session's current tokens.
    func tokenAnswer(_ session: PeerSession) -> PeerResponse {
        .json([
            "access_token": .string(session.accessToken), "token_type": "DPoP", "refresh_token": .string(session.refreshToken),
            "scope": .string(session.scope), "sub": .string(session.did),
            "expires_in": .integer(Int((session.accessTokenExpiresAt - now + 999) / 1000)),
        ])
    }
}
