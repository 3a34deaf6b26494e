import ATProto
import Crypto
package import Foundation

/// The body of a request that an account signs: a JSON web signature in its flattened form (RFC 8555 section 6.2).
package enum SignedBody {
    /// By what the authority knows the key.
    package enum Signer: Sendable, Equatable {
        /// By itself: there is no account yet.
        case key
        /// By the address of the account.
        case account(String)
    }

    /// The media type of such a body.
    package static let mediaType = "application/jose+json"

    /// - Parameters:
    ///   - payload: JSON; nil for a request that only reads (POST-as-GET, section 6.3).
    ///   - url: where the request goes; the signature counts there only.
    ///   - nonce: one that the authority gave, and that has not been used.
    package static func make(_ payload: Data?, url: String, nonce: String, key: AccountKey, signer: Signer) throws -> Data {
        let header =
            switch signer {
            case .key: Header(alg: "ES256", jwk: key.jwk, nonce: nonce, url: url)
            case .account(let account): Header(alg: "ES256", kid: account, nonce: nonce, url: url)
            }
        return try sign(header, payload ?? Data()) { try key.key.signature(for: $0).rawRepresentation }
    }

    /// Signs `payload` with a secret that the operator of the authority gave out (section 7.3.4).
    static func make(_ payload: Data, url: String, with external: ExternalAccount) throws -> Signed {
        try signed(Header(alg: "HS256", kid: external.id, url: url), payload) { data in
            Data(HMAC<SHA256>.authenticationCode(for: data, using: SymmetricKey(data: external.secret)))
        }
    }

    struct Signed: Encodable {
        let protected: String
        let payload: String
        let signature: String
    }

    private struct Header: Encodable {
        var alg: String
        var jwk: P256JWK?
        var kid: String?
        var nonce: String?
        var url: String
    }

    private static func sign(_ header: Header, _ payload: Data, _ signature: (Data) throws -> Data) throws -> Data {
        try JSON.encode(try signed(header, payload, signature))
    }

    private static func signed(_ header: Header, _ payload: Data, _ signature: (Data) throws -> Data) throws -> Signed {
        let (protected, payload) = (Base64URL.encode(try JSON.encode(header)), Base64URL.encode(payload))
        return Signed(
            protected: protected, payload: payload, signature: Base64URL.encode(try signature(Data("\(protected).\(payload)".utf8))))
    }
}

/// JSON as it is sent.
enum JSON {
    static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }
}
