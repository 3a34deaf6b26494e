/// What a session needs to be refreshed or given back.
package struct TokenGrant: Sendable {
    /// The newest one; a secret.
    package let refreshToken: String
    /// What the session was opened with.
    package let client: ClientCredential
    /// The key of the session.
    package let key: DPoPKey

    /// What was stored when the session was opened or last refreshed.
    package init(refreshToken: String, client: ClientCredential, key: DPoPKey) {
        (self.refreshToken, self.client, self.key) = (refreshToken, client, key)
    }
}

extension OAuthClient {
    /// Redeems a refresh token, once. The caller sees to it that no other refresh of the session is in flight, and
    /// stores the new refresh token before it looks at anything else.
    package func refresh(_ grant: TokenGrant, at server: AuthorizationServer) async -> RefreshOutcome {
        do {
            return RefreshOutcome(
                try await post(
                    server.tokenEndpoint, of: server.issuer,
                    [("grant_type", "refresh_token"), ("refresh_token", grant.refreshToken)], as: grant.client, key: grant.key))
        } catch .network(let error) {
            return RefreshOutcome(error)
        } catch {
            return .notSent(reason: error.description, retryAfter: nil)
        }
    }

    /// Gives a session back (RFC 7009), as far as the server has a way to. Nobody waits for the result: a session that
    /// cannot be revoked ends by itself.
    package func revoke(_ grant: TokenGrant, at server: AuthorizationServer) async {
        guard let endpoint = server.revocationEndpoint else { return }
        _ = try? await post(endpoint, of: server.issuer, [("token", grant.refreshToken)], as: grant.client, key: grant.key)
    }
}
