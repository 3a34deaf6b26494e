import Foundation

/// A localhost development client: its metadata is in its identifier, `http://localhost?redirect_uri=…&scope=…`.
struct PeerDevelopmentClient: PeerClient {
    let redirectURIs: [String]
    let scopes: Set<String>

    init(_ identifier: String) throws(PeerOAuthFailure) {
        guard var rest = identifier.wholeRemainder(after: "http://localhost") else {
            throw .invalidClientMetadata("The client_id is neither https nor a development client")
        }
        if rest.hasPrefix("/") { rest = rest.dropFirst() }
        guard rest.isEmpty || rest.hasPrefix("?"), !rest.contains("#"), let pairs = PeerText.formPairs(rest.dropFirst()) else {
            throw .invalidClientMetadata("A development client has no port, path or fragment")
        }
        guard pairs.allSatisfy({ $0.0 == "redirect_uri" || $0.0 == "scope" }) else {
            throw .invalidClientMetadata("A development client has only redirect_uri and scope")
        }
        let uris = pairs.filter { $0.0 == "redirect_uri" }.map(\.1)
        let scopeValues = pairs.filter { $0.0 == "scope" }.map(\.1)
        guard scopeValues.count <= 1 else { throw .invalidClientMetadata("scope is given twice") }
        scopes = Set((scopeValues.first ?? "atproto").split(separator: " ").map(String.init))
        guard scopes.contains("atproto") else { throw .invalidClientMetadata("The scope atproto is missing") }
        guard uris.allSatisfy(Self.isLoopback) else {
            throw .invalidRedirect("Redirects of a development client go to http://127.0.0.1 or http://[::1]")
        }
        redirectURIs = uris.isEmpty ? ["http://127.0.0.1/", "http://[::1]/"] : uris
    }

    func authenticate(_ form: [String: String], issuer: String, now: Int64) throws(PeerOAuthFailure) -> PeerClientAuthentication {
        guard form["client_assertion"] == nil else { throw .invalidRequest("A public client shows no assertion") }
        return .none
    }

    private static func isLoopback(_ uri: String) -> Bool {
        guard let parts = URLComponents(string: uri), parts.user == nil, parts.fragment == nil else { return false }
        return parts.scheme == "http" && (parts.host == "127.0.0.1" || parts.host == "[::1]" || parts.host == "::1")
    }

    /// Whether the client declared this address. A declared address without a port stands for every port.
    func allows(redirect: String) -> Bool {
        redirectURIs.contains { declared in
            guard let asked = URLComponents(string: redirect), let known = URLComponents(string: declared) else { return false }
            return asked.scheme == known.scheme && asked.host == known.host && asked.path == known.path && asked.query == known.query
                && asked.fragment == nil && (known.port == nil || known.port == asked.port)
        }
    }
}

extension String {
    fileprivate func wholeRemainder(after prefix: String) -> Substring? {
        hasPrefix(prefix) ? dropFirst(prefix.count) : nil
    }
}
