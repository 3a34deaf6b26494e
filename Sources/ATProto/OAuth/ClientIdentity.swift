package import Foundation

/// Who this daemon is to an authorization server: its `client_id`, where it wants browsers sent back to, and what it asks for.
///
/// With a loopback address it is the localhost development client, whose metadata is in the identifier itself.
/// Otherwise it is a public client whose metadata document stands at the `client_id` (atproto OAuth, "Clients").
package struct ClientIdentity: Hashable, Sendable {
    /// The scope Roost asks for: identity only.
    package static let scope = "atproto"

    /// The identifier.
    package let clientID: String
    /// Where the browser comes back to.
    package let redirectURI: String
    /// The name on the consent screen.
    package let name: String
    private let publicURL: Origin
    private let isDevelopment: Bool

    /// - Parameters:
    ///   - publicURL: the origin people's browsers reach the sidecar under.
    ///   - name: shown on the consent screen.
    package init(publicURL: Origin, name: String = "Roost") throws(ClientIdentityError) {
        self.publicURL = publicURL
        self.name = name
        redirectURI = publicURL.text + "/auth/callback"
        isDevelopment = publicURL.scheme == "http" && Self.loopbackHosts.contains(publicURL.host)
        if isDevelopment {
            clientID = "http://localhost?" + FormBody.query([("redirect_uri", redirectURI), ("scope", Self.scope)])
            return
        }
        guard publicURL.scheme == "https" else { throw .notSecure(publicURL.text) }
        guard publicURL.text == "https://" + publicURL.host else { throw .hasPort(publicURL.text) }
        guard publicURL.host.contains("."), publicURL.host.contains(where: { $0.isLetter }), !publicURL.host.hasPrefix("[") else {
            throw .notPublic(publicURL.text)
        }
        clientID = publicURL.text + "/client-metadata.json"
    }

    private static let loopbackHosts: Set<String> = ["127.0.0.1", "::1", "[::1]"]

    /// The document that belongs at ``clientID``, as JSON. For the development client it is only for people to look at.
    package var metadata: Data {
        let document = Metadata(
            client_id: clientID, client_name: name, client_uri: isDevelopment ? nil : publicURL.text, redirect_uris: [redirectURI],
            scope: Self.scope, application_type: isDevelopment ? "native" : "web")
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(document)) ?? Data()
    }

    /// What every request to the authorization server carries so that it knows the client. A confidential client
    /// would add its assertion here.
    ///
    /// - Parameter clientID: the identifier the session was opened with; it outlives a change of the public address.
    static func authentication(clientID: String) -> [(String, String)] {
        [("client_id", clientID)]
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
        let token_endpoint_auth_method = "none"
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
