package import Foundation

/// What an authorization server says about itself at `/.well-known/oauth-authorization-server` (RFC 8414), checked
/// against the demands of the AT Protocol profile (atproto OAuth, "Server Metadata").
package struct AuthorizationServer: Hashable, Sendable {
    /// An origin, byte for byte as the PDS named it and the server confirmed it.
    package let issuer: String
    /// Where the browser goes.
    package let authorizationEndpoint: String
    /// Where codes and refresh tokens are redeemed.
    package let tokenEndpoint: String
    /// Where authorization requests are pushed (RFC 9126).
    package let pushedRequestEndpoint: String
    /// Where tokens are given back (RFC 7009), if the server has that.
    package let revocationEndpoint: String?

    /// - Parameters:
    ///   - json: the body.
    ///   - issuer: the issuer that was asked; the document must carry exactly this text (mix-up defence).
    ///   - pds: the PDS that named the issuer; if the document lists its resources, this one must be among them.
    ///   - allowsHTTP: whether an endpoint may be `http`, which is for development on one machine only.
    package init(json: Data, issuer: String, pds: Origin, allowsHTTP: Bool) throws(MetadataFault) {
        guard let document = JSONDocument(json) else { throw .notJSON }
        guard document.string("issuer") == issuer else { throw .unacceptable("issuer", "is not the server that was asked") }
        self.issuer = issuer

        func endpoint(_ name: String) throws(MetadataFault) -> String? {
            guard let text = document.string(name) else { return nil }
            guard Self.isEndpoint(text, allowsHTTP: allowsHTTP) else { throw .unacceptable(name, "is not an https address") }
            return text
        }
        func requiredEndpoint(_ name: String) throws(MetadataFault) -> String {
            guard let text = try endpoint(name) else { throw .missing(name) }
            return text
        }
        authorizationEndpoint = try requiredEndpoint("authorization_endpoint")
        tokenEndpoint = try requiredEndpoint("token_endpoint")
        pushedRequestEndpoint = try requiredEndpoint("pushed_authorization_request_endpoint")
        revocationEndpoint = try endpoint("revocation_endpoint")

        for (name, values) in Self.requiredValues {
            guard let offered = document.strings(name) else { throw .missing(name) }
            for value in values where !offered.contains(value) { throw .unacceptable(name, "lacks \(value)") }
        }
        if document.strings("token_endpoint_auth_signing_alg_values_supported")?.contains("none") == true {
            throw .unacceptable("token_endpoint_auth_signing_alg_values_supported", "must not offer none")
        }
        for name in Self.requiredFlags where !document.isTrue(name) { throw .unacceptable(name, "must be true") }
        if let resources = document.strings("protected_resources"), !resources.contains(where: { Origin($0) == pds }) {
            throw .unacceptable("protected_resources", "does not list the PDS")
        }
    }

    private static let requiredValues: [(String, [String])] = [
        ("response_types_supported", ["code"]),
        ("grant_types_supported", ["authorization_code", "refresh_token"]),
        ("code_challenge_methods_supported", ["S256"]),
        ("token_endpoint_auth_methods_supported", ["none", "private_key_jwt"]),
        ("token_endpoint_auth_signing_alg_values_supported", ["ES256"]),
        ("dpop_signing_alg_values_supported", ["ES256"]),
        ("scopes_supported", ["atproto"]),
    ]

    private static let requiredFlags = [
        "require_pushed_authorization_requests", "authorization_response_iss_parameter_supported",
        "client_id_metadata_document_supported",
    ]

    /// The fetcher checks every address it goes to; this also keeps out what only a browser would follow (`javascript:`).
    private static func isEndpoint(_ text: String, allowsHTTP: Bool) -> Bool {
        guard text.utf8.count <= 2048, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }),
            let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty
        else { return false }
        guard parts.scheme == "https" || (allowsHTTP && parts.scheme == "http") else { return false }
        return parts.user == nil && parts.password == nil && parts.fragment == nil
    }
}
