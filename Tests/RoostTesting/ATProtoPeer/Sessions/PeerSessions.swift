/// One OAuth session: what a code was exchanged for.
struct PeerSession {
    let id: Int
    let did: String
    let clientID: String
    /// What the client showed when the session was opened; it has to be the same ever after.
    let authentication: PeerClientAuthentication
    /// The thumbprint of the DPoP key it is bound to.
    let thumbprint: String
    var scope: String
    /// Milliseconds since 1970 after which no refresh is granted.
    let expiresAt: Int64
    var accessToken: String
    var accessTokenExpiresAt: Int64
    var refreshToken: String
    var usedRefreshTokens: Set<String> = []
    var retiredAccessTokens: [String: Int64] = [:]
}

/// The live OAuth sessions, found by any token that ever belonged to them.
struct PeerSessions {
    private(set) var all: [Int: PeerSession] = [:]
    private var byRefreshToken: [String: Int] = [:]
    private var byAccessToken: [String: Int] = [:]
    private var nextID = 1

    subscript(id: Int) -> PeerSession? { all[id] }

    /// The session of a refresh token, current or used.
    func session(refreshToken: String) -> PeerSession? {
        byRefreshToken[refreshToken].flatMap { all[$0] }
    }

    /// The session of an access token, current or retired.
    func session(accessToken: String) -> PeerSession? {
        byAccessToken[accessToken].flatMap { all[$0] }
    }

    mutating func open(
        did: String, clientID: String, authentication: PeerClientAuthentication, thumbprint: String, scope: String, now: Int64,
        options: ATProtoPeerOptions
    ) -> PeerSession {
        let session = PeerSession(
            id: nextID, did: did, clientID: clientID, authentication: authentication, thumbprint: thumbprint, scope: scope,
            expiresAt: now + options.sessionLifetime.milliseconds, accessToken: PeerText.secret("at-"),
            accessTokenExpiresAt: now + options.accessTokenLifetime.milliseconds, refreshToken: PeerText.secret("rt-"))
        nextID += 1
        store(session)
        return session
    }

    /// Gives the session new tokens. The old refresh token is remembered as used; the old access token dies at once
    /// unless the options keep it.
    mutating func rotate(_ id: Int, now: Int64, options: ATProtoPeerOptions) -> PeerSession? {
        guard var session = all[id] else { return nil }
        session.usedRefreshTokens.insert(session.refreshToken)
        if options.oldAccessTokensLive {
            session.retiredAccessTokens[session.accessToken] = session.accessTokenExpiresAt
        } else {
            byAccessToken[session.accessToken] = nil
        }
        session.refreshToken = PeerText.secret("rt-")
        session.accessToken = PeerText.secret("at-")
        session.accessTokenExpiresAt = now + options.accessTokenLifetime.milliseconds
        store(session)
        return session
    }

    private mutating func store(_ session: PeerSession) {
        all[session.id] = session
        byRefreshToken[session.refreshToken] = session.id
        byAccessToken[session.accessToken] = session.id
    }

    /// Ends a session; all its tokens become unknown.
    mutating func delete(_ id: Int) {
        guard let session = all.removeValue(forKey: id) else { return }
        for token in session.usedRefreshTokens.union([session.refreshToken]) { byRefreshToken[token] = nil }
        for token in [session.accessToken] + Array(session.retiredAccessTokens.keys) { byAccessToken[token] = nil }
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
