package import Foundation

/// A login of one account at its authorization server, as stored, without its secrets.
package struct PDSSession: Hashable, Sendable {
    /// Whether the session can still prove who its owner is.
    package enum State: Hashable, Sendable {
        case live
        /// Over for good; the person must sign in again.
        case dead(reason: String)
    }

    /// A refresh that was begun and whose answer was not stored.
    package struct Intent: Hashable, Sendable {
        /// Milliseconds since 1970.
        package let startedAt: Int64
        /// SHA-256 of the refresh token that was about to be sent.
        package let tokenHash: Data
    }

    /// Random; names the session in the database and in sealed values.
    package let id: String
    /// Whose session it is.
    package let did: String
    /// Origin of the account's PDS when the session was last refreshed.
    package let pds: String
    /// The authorization server; only the PDS may name another one, and that ends the session.
    package let issuer: String
    /// The client the session belongs to; a refresh under another one would cost the session.
    package let clientID: String
    /// The client's key the session was opened with; nil: as a public client.
    package let clientKey: String?
    /// Granted scopes, space separated.
    package let scope: String
    /// Live or dead.
    package let state: State
    /// Milliseconds since 1970; 0 when there is no access token.
    package let accessExpiresAt: Int64
    /// Rotations of the refresh token so far.
    package let generation: Int64
    /// Set while the answer of a refresh is not stored.
    package let intent: Intent?
    /// Refreshes in a row that brought no new tokens.
    package let failures: Int
    /// Before this time, in milliseconds since 1970, no refresh is tried.
    package let retryAt: Int64?
    /// The handle when it was last verified.
    package let handle: String?
    /// Milliseconds since 1970 of the last verification that succeeded.
    package let handleCheckedAt: Int64
    /// Milliseconds since 1970.
    package let createdAt: Int64
    /// Milliseconds since 1970.
    package let usedAt: Int64
}

/// The secrets of a session, opened.
package struct SessionSecrets: Hashable, Sendable {
    /// Single use at most servers.
    package let refreshToken: String
    /// Nil between a rotation and its validation.
    package let accessToken: String?
    /// The 32-byte scalar of the session's DPoP key.
    package let proofKey: Data

    /// The secrets of a session about to be stored.
    package init(refreshToken: String, accessToken: String?, proofKey: Data) {
        (self.refreshToken, self.accessToken, self.proofKey) = (refreshToken, accessToken, proofKey)
    }
}

/// A session about to be stored.
package struct NewPDSSession: Sendable {
    /// Random, never used before.
    package var id: String
    /// The account.
    package var did: String
    /// Origin of its PDS.
    package var pds: String
    /// The authorization server.
    package var issuer: String
    /// The client that signed in.
    package var clientID: String
    /// The key it signed with; nil: it is a public client.
    package var clientKey: String?
    /// Granted scopes.
    package var scope: String
    /// Stored sealed.
    package var secrets: SessionSecrets
    /// Milliseconds since 1970.
    package var accessExpiresAt: Int64
    /// Verified just now, or nil.
    package var handle: String?
    /// Milliseconds since 1970.
    package var createdAt: Int64
    /// What the owner will know the session by, as far as it is known.
    package var place = LoginPlace()

    /// All of it is known when the code is redeemed.
    package init(
        id: String, did: String, pds: String, issuer: String, clientID: String, clientKey: String?, scope: String,
        secrets: SessionSecrets, accessExpiresAt: Int64, handle: String?, createdAt: Int64
    ) {
        self.id = id
        self.did = did
        self.pds = pds
        self.issuer = issuer
        self.clientID = clientID
        self.clientKey = clientKey
        self.scope = scope
        self.secrets = secrets
        self.accessExpiresAt = accessExpiresAt
        self.handle = handle
        self.createdAt = createdAt
    }
}

/// A session that is over here, with what it takes to give it back to its server.
package struct EndedSession: Sendable {
    /// Names the session, as it did in the database.
    package let id: String
    /// Whose it was.
    package let did: String
    /// Origin of the PDS.
    package let pds: String
    /// Where it is given back.
    package let issuer: String
    /// The client it belongs to.
    package let clientID: String
    /// The key it was opened with; nil: as a public client.
    package let clientKey: String?
    /// What gives it back.
    package let secrets: SessionSecrets

    /// All of it comes from the row of the session.
    package init(
        id: String, did: String, pds: String, issuer: String, clientID: String, clientKey: String?, secrets: SessionSecrets
    ) {
        self.id = id
        (self.did, self.pds, self.issuer) = (did, pds, issuer)
        (self.clientID, self.clientKey, self.secrets) = (clientID, clientKey, secrets)
    }
}
