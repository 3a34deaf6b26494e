/// How the peer behaves. All of it may change while it runs, but the layout.
package struct ATProtoPeerOptions: Sendable {
    /// Whether the authorization server has an origin and nonces of its own, apart from the PDS. Fixed at the start.
    package var separateAuthorizationServer = false
    /// How long access tokens live. A few seconds make them stale at once for a client that refreshes early.
    package var accessTokenLifetime: Duration = .seconds(3600)
    /// How long a session can be refreshed.
    package var sessionLifetime: Duration = .seconds(14 * 24 * 3600)
    /// How long a DPoP nonce is the newest; the two before it are taken too.
    package var nonceLifetime: Duration = .seconds(60)
    /// Whether an access token outlives the refresh that replaces it.
    package var oldAccessTokensLive = false
    /// Who the authorize page signs in.
    package var approval: Approval = .hinted
    /// Seconds by which the peer's clock is ahead of the machine's.
    package var clockOffset: Int64 = 0

    /// Who the authorize page signs in.
    package enum Approval: Sendable {
        /// The account of the `login_hint`.
        case hinted
        /// This DID, whatever the hint says.
        case account(String)
        /// Nobody: the user refuses.
        case denied
    }

    package init() {}
}
