package import Crypto
import Foundation

/// The public half of a P-256 key as a JSON web key (RFC 7517), without anything that only some uses have.
package struct P256JWK: Sendable, Encodable {
    private let kty = "EC"
    private let crv = "P-256"
    private let x: String
    private let y: String

    package init(_ key: P256.Signing.PublicKey) {
        let point = key.rawRepresentation
        (x, y) = (Base64URL.encode(point.prefix(32)), Base64URL.encode(point.suffix(32)))
    }

    /// Base64url SHA-256 of the members in their order (RFC 7638): names the key, 43 characters.
    package var thumbprint: String {
        let text = #"{"crv":"\#(crv)","kty":"\#(kty)","x":"\#(x)","y":"\#(y)"}"#
        return Base64URL.encode(Data(SHA256.hash(data: Data(text.utf8))))
    }
}
