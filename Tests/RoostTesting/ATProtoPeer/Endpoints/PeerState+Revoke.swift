extension PeerState {
    /// `POST /oauth/revoke` (RFC 7009): 200 whatever the token was.
    mutating func revoke(_ request: PeerRequest, sequence: Int) throws(PeerOAuthFailure) -> PeerResponse {
        let form = try request.form()
        let client = try client(form)
        _ = try proof(of: request, at: .authorizationServer, sequence: sequence)
        _ = try authenticate(client, form, sequence: sequence)
        guard let token = form["token"] else { throw .invalidRequest("token is missing") }
        if let session = sessions.session(refreshToken: token) ?? sessions.session(accessToken: token),
            session.clientID == form["client_id"]
        {
            records.note(sequence) { $0.account = session.did }
            sessions.delete(session.id)
            records.counters.revokedSessions += 1
        }
        return .json([:])
    }
}
