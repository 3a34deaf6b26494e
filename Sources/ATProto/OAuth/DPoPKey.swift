package import Crypto
package import Foundation

/// The key that binds the tokens of one session to this process (RFC 9449). One per login, never shared between sessions.
package struct DPoPKey: Sendable {
    private let key: P256.Signing.PrivateKey

    /// Makes a new key.
    package init() {
        key = P256.Signing.PrivateKey()
    }

    /// - Parameter rawRepresentation: the 32-byte scalar, as ``rawRepresentation`` gave it.
    package init(rawRepresentation: Data) throws(CryptoKitError) {
        do {
            key = try P256.Signing.PrivateKey(rawRepresentation: rawRepresentation)
        } catch {
            throw error as? CryptoKitError ?? .incorrectKeySize
        }
    }

    /// The 32-byte scalar. A secret: it is stored sealed only.
    package var rawRepresentation: Data { key.rawRepresentation }

    /// The public half.
    package var publicKey: P256.Signing.PublicKey { key.publicKey }

    /// A proof for one request: header `dpop+jwt`, ES256, the public key; a fresh `jti` (RFC 9449, 4.2).
    ///
    /// - Parameters:
    ///   - method: the HTTP method in upper case.
    ///   - url: the address of the request; its query and fragment are left out of the proof.
    ///   - nonce: the newest nonce of the server, if one is known.
    ///   - accessToken: the token sent along to a resource server; nil at the authorization server, where `ath` is forbidden.
    ///   - now: milliseconds since 1970.
    package func proof(method: String, url: String, nonce: String?, accessToken: String? = nil, now: Int64) throws -> String {
        let header = Header(jwk: P256JWK(publicKey))
        let claims = Claims(
            jti: RandomToken.make(bytes: 16), htm: method, htu: String(url.prefix { $0 != "?" && $0 != "#" }), iat: now / 1000,
            nonce: nonce, ath: accessToken.map { Base64URL.encode(Data(SHA256.hash(data: Data($0.utf8)))) })
        return try ES256.sign(header: header, claims: claims, with: key)
    }

    private struct Header: Encodable {
        let typ = "dpop+jwt"
        let alg = "ES256"
        let jwk: P256JWK
    }

    private struct Claims: Encodable {
        let jti: String
        let htm: String
        let htu: String
        let iat: Int64
        let nonce: String?
        let ath: String?
    }
}
