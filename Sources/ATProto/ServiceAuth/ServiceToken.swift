import Foundation

/// A token of `com.atproto.server.getServiceAuth`, with everything checked that needs no network (AT Protocol
/// "Inter-Service Authentication"). The signature is still to be checked: ``isSigned(by:)``.
package struct ServiceToken: Sendable, Equatable {
    /// Bytes.
    package static let maximumLength = 4096
    /// Seconds from now to `exp`, and from `iat` to now.
    package static let maximumLifetime: Int64 = 300
    /// Seconds that the issuer's clock may be ahead.
    package static let skew: Int64 = 60
    /// Bytes of `jti`.
    package static let maximumIDLength = 128

    /// The first rule that a token broke.
    package enum Fault: Error, Sendable, Equatable {
        case tooLong, notThreeParts, notBase64, notJSON, critical, algorithm, type, keyID, issuer, audience, method, expiry, issuedAt,
            tokenID,
            signatureLength
    }

    private enum Algorithm: String {
        case es256 = "ES256"
        case es256k = "ES256K"
    }

    package let issuer: DID
    /// `jti`: unique for the issuer.
    package let id: String
    /// Seconds since 1970.
    package let expiresAt: Int64
    private let algorithm: Algorithm
    private let signed: Data
    private let signature: Data

    /// - Parameter now: milliseconds since 1970.
    package init(_ text: String, for service: ServiceIdentity, now: Int64) throws(Fault) {
        guard text.utf8.count <= Self.maximumLength else { throw .tooLong }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .notThreeParts }
        guard let header = Base64URL.decode(parts[0]), let claims = Base64URL.decode(parts[1]), let signature = Base64URL.decode(parts[2])
        else { throw .notBase64 }
        guard let header = JSONDocument(strict: header), let claims = JSONDocument(strict: claims) else { throw .notJSON }
        algorithm = try Self.algorithm(of: header)

        guard let issuer = claims.string("iss").flatMap({ DID($0) }), issuer.method != .key else { throw .issuer }
        guard let audience = claims.string("aud"), service.audiences.contains(audience) else { throw .audience }
        guard claims.string("lxm") == service.method else { throw .method }
        let now = now / 1000
        guard let expiresAt = claims.wholeNumber("exp"), expiresAt > now, expiresAt <= now + Self.maximumLifetime else { throw .expiry }
        guard let issuedAt = claims.wholeNumber("iat"), issuedAt <= now + Self.skew, issuedAt >= now - Self.maximumLifetime else {
            throw .issuedAt
        }
        guard let id = claims.string("jti"), (1...Self.maximumIDLength).contains(id.utf8.count) else { throw .tokenID }
        // DER has another length.
        guard signature.count == 64 else { throw .signatureLength }
        (self.issuer, self.id, self.expiresAt, self.signature) = (issuer, id, expiresAt, signature)
        signed = Data(text.utf8.prefix(parts[0].utf8.count + 1 + parts[1].utf8.count))
    }

    private static func algorithm(of header: JSONDocument) throws(Fault) -> Algorithm {
        guard !header.has("crit") else { throw .critical }
        guard let algorithm = header.string("alg").flatMap({ Algorithm(rawValue: $0) }) else { throw .algorithm }
        guard !header.has("typ") || header.string("typ") == "JWT" else { throw .type }
        guard !header.has("kid") || header.string("kid") == "#atproto" else { throw .keyID }
        return algorithm
    }

    /// Whether `key` made it. The key must be of the curve that the token names; s may be high, as servers sign so.
    package func isSigned(by key: PublicKey) -> Bool {
        switch (algorithm, key) {
        case (.es256, .p256), (.es256k, .k256): key.isValidSignature(signature, for: signed)
        default: false
        }
    }
}
