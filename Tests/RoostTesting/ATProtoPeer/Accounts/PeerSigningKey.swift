package import Crypto
package import Foundation

/// A key that an account publishes in its DID document.
package enum PeerSigningKey: Sendable {
    case p256(P256.Signing.PrivateKey)
    case ed25519(Curve25519.Signing.PrivateKey)

    /// A new P-256 key.
    package static func newP256() -> PeerSigningKey { .p256(P256.Signing.PrivateKey()) }

    /// A new ed25519 key.
    package static func newEd25519() -> PeerSigningKey { .ed25519(Curve25519.Signing.PrivateKey()) }

    /// The public half as a Multikey: `z` and base58btc of the multicodec prefix and the (compressed) key.
    package var multikey: String {
        switch self {
        case .p256(let key): "z" + PeerText.base58([0x80, 0x24] + Array(key.publicKey.compressedRepresentation))
        case .ed25519(let key): "z" + PeerText.base58([0xED, 0x01] + Array(key.publicKey.rawRepresentation))
        }
    }

    /// The 64-byte signature of `message`: r and s over its SHA-256 for P-256, the plain one for ed25519.
    package func signature(of message: Data) throws -> Data {
        switch self {
        case .p256(let key): try key.signature(for: message).rawRepresentation
        case .ed25519(let key): try key.signature(for: message)
        }
    }
}
