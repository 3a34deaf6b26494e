extension PeerState {
    /// `/.well-known/oauth-protected-resource` (RFC 9728).
    func resourceMetadata() -> PeerResponse {
        .json([
            "resource": .string(origins.pds), "authorization_servers": [.string(origins.issuer)],
            "bearer_methods_supported": ["header"], "scopes_supported": [],
        ])
    }

    /// `/.well-known/oauth-authorization-server` (RFC 8414, with what the atproto profile asks for).
    func serverMetadata() -> PeerResponse {
        let issuer = origins.issuer
        return .json([
            "issuer": .string(issuer),
            "authorization_endpoint": .string(issuer + "/oauth/authorize"),
            "token_endpoint": .string(issuer + "/oauth/token"),
            "pushed_authorization_request_endpoint": .string(issuer + "/oauth/par"),
            "revocation_endpoint": .string(issuer + "/oauth/revoke"),
            "require_pushed_authorization_requests": true,
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none", "private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["ES256"],
            "dpop_signing_alg_values_supported": ["ES256"],
            "scopes_supported": ["atproto", "transition:generic", "transition:chat.bsky", "transition:email"],
            "authorization_response_iss_parameter_supported": true,
            "client_id_metadata_document_supported": true,
            "protected_resources": [.string(origins.pds)],
        ])
    }
}
