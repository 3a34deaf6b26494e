/// A refusal of the authorization server or the resource server.
package struct PeerOAuthFailure: Error {
    let status: Int
    let error: String
    let description: String
    /// The `WWW-Authenticate` header that goes with it.
    var challenge: String?

    static func invalidRequest(_ description: String) -> Self { Self(status: 400, error: "invalid_request", description: description) }
    static func invalidGrant(_ description: String) -> Self { Self(status: 400, error: "invalid_grant", description: description) }
    static func invalidClient(_ description: String) -> Self { Self(status: 400, error: "invalid_client", description: description) }
    static func invalidScope(_ description: String) -> Self { Self(status: 400, error: "invalid_scope", description: description) }

    static func invalidClientMetadata(_ description: String) -> Self {
        Self(status: 400, error: "invalid_client_metadata", description: description)
    }

    static func invalidRedirect(_ description: String) -> Self {
        Self(status: 400, error: "invalid_redirect_uri", description: description)
    }

    static func invalidProof(_ description: String) -> Self { challenged("invalid_dpop_proof", description) }

    static func invalidToken(_ description: String) -> Self { challenged("invalid_token", description) }

    /// RFC 9449, sections 8 and 9: 400 at the authorization server, 401 at the resource server.
    static func useNonce(at role: PeerRole) -> Self {
        let text = "The proof must carry the server's nonce"
        return role == .resourceServer ? challenged("use_dpop_nonce", text) : Self(status: 400, error: "use_dpop_nonce", description: text)
    }

    private static func challenged(_ error: String, _ description: String) -> Self {
        Self(
            status: 401, error: error, description: description,
            challenge: "DPoP error=\"\(error)\", error_description=\"\(description)\", algs=\"ES256\"")
    }

    var response: PeerResponse {
        var response = PeerResponse.json(["error": .string(error), "error_description": .string(description)], status: status)
        response.error = error
        if let challenge { response.set("WWW-Authenticate", challenge) }
        return response
    }
}
