import ATProto
package import Crypto
package import Foundation

/// The key by which push services know this server (RFC 8292). Devices subscribe for it, so it is the same after every restart.
package struct VAPIDKey: Sendable {
    /// How long a token counts; 24 hours are the most that is allowed.
    private static let lifetime: Int64 = 12 * 3600

    private let key: P256.Signing.PrivateKey

    /// - Parameter rawRepresentation: 32 bytes. Throws when they are no key.
    package init(rawRepresentation: Data) throws {
        key = try P256.Signing.PrivateKey(rawRepresentation: rawRepresentation)
    }

    /// - Parameter secret: of this server; the key is made from it.
    package init(derivedFrom secret: SymmetricKey) {
        // Almost every 32 bytes are a key of the curve; the next ones are tried when these are not.
        for attempt in 0... {
            let bytes = HKDF<SHA256>.deriveKey(
                inputKeyMaterial: secret, info: Data("roost web push \(attempt)".utf8), outputByteCount: 32
            ).withUnsafeBytes { Data($0) }
            if let key = try? P256.Signing.PrivateKey(rawRepresentation: bytes) {
                self.key = key
                return
            }
        }
        key = P256.Signing.PrivateKey()
    }

    /// The private key, for ``init(rawRepresentation:)``.
    package var rawRepresentation: Data { key.rawRepresentation }

    /// What devices subscribe for: the uncompressed point in base64url.
    package var publicKey: String { Base64URL.encode(key.publicKey.x963Representation) }

    /// The `Authorization` header for a request to `audience`.
    ///
    /// - Parameters:
    ///   - audience: the origin of the push service.
    ///   - subject: how the operator of this server is reached: an https or mailto address.
    ///   - now: milliseconds since 1970.
    package func authorization(for audience: String, subject: String, now: Int64) throws -> String {
        let claims = Claims(aud: audience, exp: now / 1000 + Self.lifetime, sub: subject)
        return "vapid t=\(try ES256.sign(header: Header(), claims: claims, with: key)), k=\(publicKey)"
    }

    private struct Header: Encodable {
        let typ = "JWT"
        let alg = "ES256"
    }

    private struct Claims: Encodable {
        let aud: String
        let exp: Int64
        let sub: String
    }
}
