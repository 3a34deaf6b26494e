import NIOHTTP1

extension PeerState {
    /// `GET /xrpc/com.atproto.server.getSession` with an access token, and its DPoP proof where it is bound to a key.
    mutating func getSession(_ request: PeerRequest, sequence: Int) throws(PeerOAuthFailure) -> PeerResponse {
        guard let authorization = request.headers.first(name: "Authorization") else {
            throw PeerOAuthFailure(
                status: 401, error: "AuthMissing", description: "Authentication required", challenge: "DPoP algs=\"ES256\"")
        }
        if authorization.hasPrefix("Bearer "), let did = bearers[String(authorization.dropFirst(7))] {
            records.note(sequence) { $0.account = did }
            return try passwordSession(of: did)
        }
        guard authorization.hasPrefix("DPoP ") else {
            throw PeerOAuthFailure(status: 400, error: "InvalidToken", description: "The token is bound to a key")
        }
        let token = String(authorization.dropFirst(5))
        let proof = try proof(of: request, at: .resourceServer, accessToken: token, sequence: sequence)
        guard let session = sessions.session(accessToken: token), let account = accounts[session.did],
            account.status == .active || account.status == .deactivated
        else { throw .invalidToken("The access token is unknown") }
        records.note(sequence) { $0.account = session.did }
        let expiry = session.accessToken == token ? session.accessTokenExpiresAt : session.retiredAccessTokens[token] ?? 0
        guard expiry > now else { throw .invalidToken("The access token is too old") }
        guard proof.thumbprint == session.thumbprint else { throw .invalidToken("The access token is bound to another key") }
        return answer(account)
    }

    private func passwordSession(of did: String) throws(PeerOAuthFailure) -> PeerResponse {
        guard let account = accounts[did], account.status == .active || account.status == .deactivated else {
            throw PeerOAuthFailure(status: 400, error: "InvalidRequest", description: "Could not find user info for account")
        }
        return answer(account)
    }

    private func answer(_ account: PeerAccount) -> PeerResponse {
        var answer: [String: PeerJSON] = [
            "did": .string(account.did), "handle": .string(account.handle), "active": .bool(account.status == .active),
        ]
        if account.status != .active { answer["status"] = .string(account.status.rawValue.lowercased()) }
        return .json(.object(answer))
    }
}
