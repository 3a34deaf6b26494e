import ATProto
import Foundation

/// An account that somebody has with the operator of an authority otherwise, which asks for it (RFC 8555 section 7.3.4).
package struct ExternalAccount: Sendable, Equatable {
    package let id: String
    /// The key of the signature. A secret.
    let secret: Data

    /// Nil when `secret` is not base64url.
    package init?(id: String, secret: String) {
        guard let secret = Base64URL.decodeLeniently(secret), !secret.isEmpty else { return nil }
        (self.id, self.secret) = (id, secret)
    }
}
