/// A refresh between its two steps: the session was found, its tokens are not rotated yet.
struct PeerRotation {
    let session: Int
    let refreshToken: String
}

extension PeerState {
    /// The first step of `POST /oauth/token` with `refresh_token`. From the moment the session is found, every fault
    /// of the request costs the session; before that it costs nothing.
    mutating func beginRefresh(_ request: PeerRequest, sequence: Int) throws(PeerOAuthFailure) -> PeerRotation {
        let form = try request.form()
        let client = try client(form)
        let proof = try proof(of: request, at: .authorizationServer, sequence: sequence)
        let authentication = try authenticate(client, form, sequence: sequence)
        let token = form["refresh_token"] ?? ""
        records.presented(token)
        guard let session = sessions.session(refreshToken: token) else { throw .invalidGrant("Invalid refresh token") }
        guard session.refreshToken == token else {
            records.counters.replays += 1
            punish(session.id)
            throw .invalidGrant("Refresh token replayed")
        }
        guard form["client_id"] == session.clientID, authentication == session.authentication, proof.thumbprint == session.thumbprint,
            session.expiresAt > now,
            let status = accounts[session.did]?.status, status == .active || status == .deactivated
        else {
            punish(session.id)
            throw .invalidGrant("The session belongs to another client or key, or it is over")
        }
        return PeerRotation(session: session.id, refreshToken: token)
    }

    /// The second step. When another request rotated the same token in between, this one fails and the session stays.
    mutating func finishRefresh(_ rotation: PeerRotation) throws(PeerOAuthFailure) -> PeerResponse {
        guard let found = sessions[rotation.session] else { throw .invalidGrant("Invalid refresh token") }
        guard found.refreshToken == rotation.refreshToken,
            let session = sessions.rotate(rotation.session, now: now, options: options)
        else { throw PeerOAuthFailure(status: 500, error: "server_error", description: "The token was rotated at the same time") }
        records.counters.refreshes += 1
        records.counters.refreshesByAccount[session.did, default: 0] += 1
        return tokenAnswer(session)
    }
}
