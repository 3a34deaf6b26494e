package import Crypto
import Foundation

/// A client assertion (RFC 7523) in its parts, its signature unchecked.
package struct PeerAssertion {
    package struct Header: Decodable {
        package let alg: String
        package let kid: String?
    }

    package struct Claims: Decodable {
        package let iss: String
        package let sub: String
        package let aud: String
        package let jti: String
        package let iat: Int64
        package let exp: Int64
    }

    package let header: Header
    package let claims: Claims
    private let signed: Data
    private let signature: Data

    /// Throws when it is none.
    package init(_ token: String) throws(PeerOAuthFailure) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard token.utf8.count <= 8192, parts.count == 3, let headerBytes = PeerText.base64URLDecoded(parts[0]),
            let claimBytes = PeerText.base64URLDecoded(parts[1]), let signature = PeerText.base64URLDecoded(parts[2]),
            let header = try? JSONDecoder().decode(Header.self, from: headerBytes),
            let claims = try? JSONDecoder().decode(Claims.self, from: claimBytes)
        else { throw .invalidClient("The assertion is not a well-formed JWT with all its claims") }
        (self.header, self.claims, self.signature) = (header, claims, signature)
        signed = Data((parts[0] + "." + parts[1]).utf8)
    }

    /// Whether the key made it.
    package func isSigned(by key: P256.Signing.PublicKey) -> Bool {
        guard let value = try? P256.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
        return key.isValidSignature(value, for: signed)
    }

    /// Checks what it says, with no tolerance for a time in the future.
    ///
    /// - Parameter now: milliseconds since 1970.
    package func check(client: String, issuer: String, now: Int64) throws(PeerOAuthFailure) {
        let now = now / 1000
        guard claims.iss == client, claims.sub == client else { throw .invalidClient("iss or sub is not the client") }
        guard claims.aud == issuer else { throw .invalidClient("aud is not the issuer") }
        guard (8...256).contains(claims.jti.utf8.count) else { throw .invalidClient("jti is too short or too long") }
        guard claims.iat <= now else { throw .invalidClient("iat is in the future") }
        guard claims.iat >= now - 60 else { throw .invalidClient("iat is too old") }
        guard claims.exp > now, claims.exp - claims.iat <= 60 else { throw .invalidClient("exp is over or too far away") }
    }
}
