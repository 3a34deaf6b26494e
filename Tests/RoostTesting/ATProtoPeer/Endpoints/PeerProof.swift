import Crypto
import Foundation
import NIOHTTP1

/// A DPoP proof whose form, signature and binding to the request hold (RFC 9449, 4.3, steps 1 to 9 but the nonce).
struct PeerProof {
    /// Base64url SHA-256 of the key (RFC 7638).
    let thumbprint: String
    let identifier: String
    let nonce: String?

    private struct Header: Decodable {
        struct Key: Decodable {
            let kty: String
            let crv: String
            let x: String
            let y: String
            let d: String?
        }
        let typ: String
        let alg: String
        let jwk: Key
    }

    private struct Claims: Decodable {
        let jti: String
        let htm: String
        let htu: String
        let iat: Int64
        let nonce: String?
        let ath: String?
    }

    /// - Parameters:
    ///   - url: the address of the endpoint, without query.
    ///   - accessToken: the token of the request at the resource server; nil at the authorization server.
    ///   - now: milliseconds since 1970.
    init(_ headers: HTTPHeaders, method: String, url: String, accessToken: String?, now: Int64) throws(PeerOAuthFailure) {
        let values = headers["DPoP"]
        guard values.count == 1, let token = values.first, token.utf8.count <= 8192 else {
            throw .invalidProof("Exactly one DPoP header is needed")
        }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let headerBytes = PeerText.base64URLDecoded(parts[0]),
            let claimBytes = PeerText.base64URLDecoded(parts[1]), let signature = PeerText.base64URLDecoded(parts[2]),
            let header = try? JSONDecoder().decode(Header.self, from: headerBytes),
            let claims = try? JSONDecoder().decode(Claims.self, from: claimBytes)
        else { throw .invalidProof("The proof is not a well-formed JWT") }

        guard header.typ == "dpop+jwt", header.alg == "ES256" else { throw .invalidProof("typ or alg is wrong") }
        let key = try Self.publicKey(header.jwk)
        let signed = Data((parts[0] + "." + parts[1]).utf8)
        guard let value = try? P256.Signing.ECDSASignature(rawRepresentation: signature), key.isValidSignature(value, for: signed) else {
            throw .invalidProof("The signature is wrong")
        }
        guard !claims.jti.isEmpty, claims.jti.utf8.count <= 256 else { throw .invalidProof("jti is empty or too long") }
        guard claims.htm == method else { throw .invalidProof("htm is not the method of the request") }
        guard claims.htu == url else { throw .invalidProof("htu is not the address of the request without its query") }
        guard (now / 1000 - 190...now / 1000 + 180).contains(claims.iat) else { throw .invalidProof("iat is too far away") }
        guard claims.ath == accessToken.map(PeerText.digest) else {
            throw .invalidProof(accessToken == nil ? "ath has no place here" : "ath is not the hash of the access token")
        }
        thumbprint = PeerText.digest("{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"\(header.jwk.x)\",\"y\":\"\(header.jwk.y)\"}")
        identifier = claims.jti
        nonce = claims.nonce
    }

    private static func publicKey(_ jwk: Header.Key) throws(PeerOAuthFailure) -> P256.Signing.PublicKey {
        guard jwk.d == nil else { throw .invalidProof("The proof shows its private key") }
        guard jwk.kty == "EC", jwk.crv == "P-256", let x = PeerText.base64URLDecoded(jwk.x), let y = PeerText.base64URLDecoded(jwk.y),
            x.count == 32, y.count == 32, let key = try? P256.Signing.PublicKey(x963Representation: Data([4]) + x + y)
        else { throw .invalidProof("jwk is not a P-256 key") }
        return key
    }
}
