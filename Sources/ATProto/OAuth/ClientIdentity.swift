package import Foundation

/// Who this daemon is to an authorization server: its `client_id`, where it wants browsers sent back to, and what it asks for.
///
/// With a loopback address it is the localhost development client, whose metadata is in the identifier itself.
/// Otherwise it is a confidential client whose metadata document stands at the `client_id` (atproto OAuth, "Clients").
package struct ClientIdentity: Hashable, Sendable {
    /// The scope Roost asks for: identity only.
    package static let scope = "atproto"

    /// The identifier that new sessions are opened with.
    package let clientID: String
    /// Where the browser comes back to.
    package let redirectURI: String
    /// The name on the consent screen.
    package let name: String
    /// Where the public halves of the client's keys stand. Nil for the development client, which has none.
    package let keySetURL: String?
    private let publicURL: Origin

    /// - Parameters:
    ///   - publicURL: the origin people's browsers reach the sidecar under.
    ///   - name: shown on the consent screen.
    package init(publicURL: Origin, name: String = "Roost") throws(ClientIdentityError) {
        self.publicURL = publicURL
        self.name = name
        redirectURI = publicURL.text + "/auth/callback"
        if publicURL.scheme == "http", Self.loopbackHosts.contains(publicURL.host) {
            keySetURL = nil
            clientID = "http://localhost?" + FormBody.query([("redirect_uri", redirectURI), ("scope", Self.scope)])
            return
        }
        guard publicURL.scheme == "https" else { throw .notSecure(publicURL.text) }
        guard publicURL.text == "https://" + publicURL.host else { throw .hasPort(publicURL.text) }
        guard publicURL.host.contains("."), publicURL.host.contains(where: { $0.isLetter }), !publicURL.host.hasPrefix("[") else {
            throw .notPublic(publicURL.text)
        }
        keySetURL = publicURL.text + Self.keySetPath
        clientID = publicURL.text + Self.metadataPath
    }

    /// The paths of the two documents, on the public address. They never change: sessions name them for years.
    package static let metadataPath = "/oauth-client-metadata.json"
    package static let keySetPath = "/oauth-client-keys.json"
    /// Where the public client stands that sessions were opened with before there was a confidential one. It is another
    /// client on purpose: what an authorization server does to a session whose client turns confidential is up to the server.
    package static let formerMetadataPath = "/client-metadata.json"

    /// Whether the client signs what it sends.
    package var isConfidential: Bool { keySetURL != nil }

    private static let loopbackHosts: Set<String> = ["127.0.0.1", "::1", "[::1]"]

    /// The document that belongs at ``clientID``, as JSON. For the development client it is only for people to look at.
    package var metadata: Data { document(of: clientID, keySetURL: keySetURL) }

    /// The document of the public client that sessions may still belong to; see ``formerMetadataPath``.
    package var formerMetadata: Data {
        isConfidential ? document(of: publicURL.text + Self.formerMetadataPath, keySetURL: nil) : metadata
    }

    private func document(of clientID: String, keySetURL: String?) -> Data {
        let document = Metadata(
            client_id: clientID, client_name: name, client_uri: isConfidential ? publicURL.text : nil, redirect_uris: [redirectURI],
            scope: Self.scope, application_type: isConfidential ? "web" : "native",
            token_endpoint_auth_method: keySetURL == nil ? "none" : "private_key_jwt",
            token_endpoint_auth_signing_alg: keySetURL == nil ? nil : "ES256", jwks_uri: keySetURL)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(document)) ?? Data()
    }

    private struct Metadata: Encodable {
        let client_id: String
        let client_name: String
        let client_uri: String?
        let redirect_uris: [String]
        let scope: String
        let application_type: String
        let grant_types = ["authorization_code", "refresh_token"]
        let response_types = ["code"]
        let token_endpoint_auth_method: String
        let token_endpoint_auth_signing_alg: String?
        let jwks_uri: String?
        let dpop_bound_access_tokens = true
    }
}

/// Why an address cannot be the public address of the broker.
package enum ClientIdentityError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Neither https nor loopback.
    case notSecure(String)
    /// A port, which a client_id must not have.
    case hasPort(String)
    /// An IP address or a name without a dot.
    case notPublic(String)

    package var description: String {
        switch self {
        case .notSecure(let url): "\(url) must start with https://, or be http://127.0.0.1 or http://[::1] for development"
        case .hasPort(let url): "\(url) must not have a port: authorization servers refuse such a client"
        case .notPublic(let url): "\(url) must name a public host"
        }
    }
}
