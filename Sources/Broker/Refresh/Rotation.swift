import ATProto
import Crypto
import Foundation
import Store

/// Who speaks for an account, asked afresh.
struct Authority: Hashable, Sendable {
    let did: DID
    let pds: Origin
    let server: AuthorizationServer
}

/// A refresh token on its way to its server.
struct Errand: Hashable, Sendable {
    /// The row as it was read before the server was asked.
    let session: PDSSession
    let authority: Authority
    /// Of that session at that moment.
    let secrets: SessionSecrets

    /// SHA-256 of the refresh token, for the note that it is about to be sent.
    var tokenHash: Data { Data(SHA256.hash(data: Data(secrets.refreshToken.utf8))) }
}

/// What the server answered, between the answer and the database. The refresh token in it may be all that is left of
/// the session.
struct Rotation: Hashable, Sendable {
    let errand: Errand
    /// Unchecked.
    let answer: TokenAnswer
    /// When the answer came, in milliseconds since 1970.
    let answeredAt: Int64

    /// The session as its server has it now, to give it back.
    var ended: EndedSession {
        let session = errand.session
        return EndedSession(
            id: session.id, did: session.did, pds: errand.authority.pds.text, issuer: session.issuer, clientID: session.clientID,
            clientKey: session.clientKey,
            secrets: SessionSecrets(
                refreshToken: answer.refreshToken ?? errand.secrets.refreshToken, accessToken: nil, proofKey: errand.secrets.proofKey))
    }
}
