package import Crypto
package import Foundation

/// A key by which this server proves to authorization servers that it is the client it says it is (RFC 7523). A session
/// belongs to the key it was opened with: a refresh signed with another one costs the session.
package struct ClientKey: Sendable {
    /// How long an assertion counts, in seconds; servers take 60 at most.
    private static let lifetime: Int64 = 60
    /// How far an assertion is dated back, in seconds: one from the future is refused, be it by a second.
    private static let backdating: Int64 = 5

    private let key: P256.Signing.PrivateKey

    /// Makes a new key.
    package init() {
        key = P256.Signing.PrivateKey()
    }

    /// - Parameter rawRepresentation: the 32-byte scalar, as ``rawRepresentation`` gave it.
    package init(rawRepresentation: Data) throws {
        key = try P256.Signing.PrivateKey(rawRepresentation: rawRepresentation)
    }

    /// The 32-byte scalar. A secret: it is stored sealed only.
    package var rawRepresentation: Data { key.rawRepresentation }

    /// The public half.
    package var publicKey: P256.Signing.PublicKey { key.publicKey }

    /// What the key is called in assertions and in the published set: its thumbprint.
    package var id: String { P256JWK(publicKey).thumbprint }

    /// A client assertion for one request (RFC 7523, 2.2; atproto OAuth, "Confidential Client Authentication").
    ///
    /// - Parameters:
    ///   - issuer: the authorization server itself, not the endpoint that is asked.
    ///   - now: milliseconds since 1970.
    func assertion(clientID: String, issuer: String, now: Int64) throws -> String {
        let issuedAt = now / 1000 - Self.backdating
        let claims = Claims(
            iss: clientID, sub: clientID, aud: issuer, jti: RandomToken.make(bytes: 16), iat: issuedAt, exp: issuedAt + Self.lifetime)
        return try ES256.sign(header: Header(kid: id), claims: claims, with: key)
    }

    private struct Header: Encodable {
        let alg = "ES256"
        let typ = "JWT"
        let kid: String
    }

    private struct Claims: Encodable {
        let iss: String
        let sub: String
        let aud: String
        let jti: String
        let iat: Int64
        let exp: Int64
    }
}
