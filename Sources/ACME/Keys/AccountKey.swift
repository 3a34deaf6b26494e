package import ATProto
import Crypto
import Foundation

/// The key of an account at an authority: P-256, known by its thumbprint.
package struct AccountKey: Sendable {
    let key: P256.Signing.PrivateKey

    /// A new one.
    package init() {
        key = P256.Signing.PrivateKey()
    }

    /// Nil when `pem` is none.
    package init?(pem: String) {
        guard let key = try? P256.Signing.PrivateKey(pemRepresentation: pem) else { return nil }
        self.key = key
    }

    package var pem: String { key.pemRepresentation }

    package var jwk: P256JWK { P256JWK(key.publicKey) }

    /// What shows that `token` was given to this account (RFC 8555 section 8.1).
    package func keyAuthorization(_ token: String) -> String { "\(token).\(jwk.thumbprint)" }
}
