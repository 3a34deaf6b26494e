import Crypto
import Foundation

/// A client whose document stands at its identifier, read as strictly as the profile allows.
struct PeerDocumentClient: PeerClient {
    private struct Document: Decodable {
        let client_id: String
        let client_name: String?
        let client_uri: String?
        let redirect_uris: [String]
        let scope: String
        let application_type: String?
        let grant_types: [String]
        let response_types: [String]
        let token_endpoint_auth_method: String
        let token_endpoint_auth_signing_alg: String?
        let jwks_uri: String?
        let dpop_bound_access_tokens: Bool
    }

    private struct KeySet: Decodable {
        struct Key: Decodable {
            let kty: String
            let crv: String
            let x: String
            let y: String
            let kid: String
            let use: String
            let alg: String
            let d: String?
        }
        let keys: [Key]
    }

    private let identifier: String
    private let document: Document
    private let keys: [String: P256.Signing.PublicKey]
    let scopes: Set<String>

    /// - Parameter documents: what stands at each address.
    init(_ identifier: String, documents: [String: Data]) throws(PeerOAuthFailure) {
        guard let url = URLComponents(string: identifier), url.port == nil, url.fragment == nil, url.user == nil, url.path.utf8.count > 1,
            !url.path.hasSuffix("/"), let host = url.host, host.contains(".")
        else { throw .invalidClientMetadata("The client_id is not a well-formed address") }
        guard let bytes = documents[identifier], let document = try? JSONDecoder().decode(Document.self, from: bytes) else {
            throw .invalidClientMetadata("There is no document at the client_id, or it lacks something")
        }
        guard document.client_id == identifier else { throw .invalidClientMetadata("client_id is not the address") }
        guard document.client_uri == nil || document.client_uri == "https://" + host else { throw .invalidClientMetadata("client_uri") }
        guard !document.redirect_uris.isEmpty, document.redirect_uris.allSatisfy({ $0.hasPrefix("https://") }) else {
            throw .invalidRedirect("A web client goes back to https addresses")
        }
        guard Set(document.grant_types) == ["authorization_code", "refresh_token"], document.response_types == ["code"],
            document.dpop_bound_access_tokens, document.application_type ?? "web" == "web"
        else { throw .invalidClientMetadata("grant_types, response_types, application_type or dpop_bound_access_tokens is wrong") }
        let scopes = document.scope.split(separator: " ").map(String.init)
        guard scopes.contains("atproto"), Set(scopes).count == scopes.count else { throw .invalidClientMetadata("scope is wrong") }
        (self.identifier, self.document, self.scopes) = (identifier, document, Set(scopes))
        keys = try Self.keys(of: document, documents: documents)
    }

    private static func keys(
        of document: Document, documents: [String: Data]
    ) throws(PeerOAuthFailure) -> [String: P256.Signing.PublicKey] {
        switch document.token_endpoint_auth_method {
        case "none":
            guard document.token_endpoint_auth_signing_alg == nil, document.jwks_uri == nil else {
                throw .invalidClientMetadata("A public client has no keys")
            }
            return [:]
        case "private_key_jwt":
            guard document.token_endpoint_auth_signing_alg == "ES256", let uri = document.jwks_uri, uri.hasPrefix("https://") else {
                throw .invalidClientMetadata("ES256 and a jwks_uri are needed")
            }
            guard let bytes = documents[uri], let set = try? JSONDecoder().decode(KeySet.self, from: bytes), !set.keys.isEmpty else {
                throw .invalidClientMetadata("There is no usable key set at jwks_uri")
            }
            var keys: [String: P256.Signing.PublicKey] = [:]
            for key in set.keys {
                guard key.d == nil, key.kty == "EC", key.crv == "P-256", key.use == "sig", key.alg == "ES256",
                    let x = PeerText.base64URLDecoded(key.x), let y = PeerText.base64URLDecoded(key.y),
                    let point = try? P256.Signing.PublicKey(x963Representation: Data([4]) + x + y),
                    keys.updateValue(point, forKey: key.kid) == nil
                else { throw .invalidClientMetadata("A key of the set is wrong, secret or named twice") }
            }
            return keys
        default: throw .invalidClientMetadata("token_endpoint_auth_method is not supported")
        }
    }

    func allows(redirect: String) -> Bool { document.redirect_uris.contains(redirect) }

    func authenticate(_ form: [String: String], issuer: String, now: Int64) throws(PeerOAuthFailure) -> PeerClientAuthentication {
        guard document.token_endpoint_auth_method == "private_key_jwt" else {
            guard form["client_assertion"] == nil, form["client_assertion_type"] == nil else {
                throw .invalidRequest("A public client shows no assertion")
            }
            return .none
        }
        guard form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            let text = form["client_assertion"]
        else { throw .invalidRequest("An assertion is needed") }
        let assertion = try PeerAssertion(text)
        guard assertion.header.alg == "ES256", let kid = assertion.header.kid, let key = keys[kid] else {
            throw .invalidClient("The assertion names no key of the client")
        }
        guard assertion.isSigned(by: key) else { throw .invalidClient("The signature is wrong") }
        try assertion.check(client: identifier, issuer: issuer, now: now)
        return .key(kid: kid, point: Array(key.rawRepresentation))
    }
}
