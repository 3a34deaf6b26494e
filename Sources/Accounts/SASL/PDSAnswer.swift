import ATProto
import Foundation

/// What a PDS says to a token, `com.atproto.server.getSession`.
enum PDSAnswer: Equatable {
    /// It is good, and of this account.
    case accepted
    /// It is good, but the PDS does not serve the account now.
    case inactive
    /// It is not good for this account.
    case rejected
    /// The proof must have this nonce.
    case needsNonce(String)
    /// The PDS can tell nothing now.
    case unavailable

    /// The longest nonce, in bytes: the client is told it in one line.
    static let nonceLimit = 256

    /// - Parameter token: what was asked about.
    init(_ response: FetchResponse, to token: PDSToken) {
        switch response.status {
        case 200:
            guard let session = JSONDocument(strict: response.body), session.string("did") == token.did.text else {
                self = .rejected
                return
            }
            self = !session.has("active") || session.isTrue("active") ? .accepted : .inactive
        case 400, 401:
            guard token.isBound, Self.wantsNonce(response), let nonce = response.headers["dpop-nonce"], DPoPNonces.isNonce(nonce),
                nonce.utf8.count <= Self.nonceLimit
            else {
                self = .rejected
                return
            }
            self = .needsNonce(nonce)
        case 429, 500...: self = .unavailable
        default: self = .rejected
        }
    }

    /// RFC 9449 section 9 has it in the header; some say it in the body only.
    private static func wantsNonce(_ response: FetchResponse) -> Bool {
        response.headers["www-authenticate"]?.contains(#"error="use_dpop_nonce""#) == true
            || JSONDocument(response.body)?.string("error") == "use_dpop_nonce"
    }
}
