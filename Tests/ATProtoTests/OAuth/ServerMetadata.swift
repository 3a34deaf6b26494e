import Foundation

/// Metadata that the profile accepts, for tests to spoil.
enum ServerMetadata {
    static let issuer = "https://as.example.com"
    static let pds = "https://pds.example.com"

    static func resource(_ changes: [String: Any?] = [:]) -> Data {
        document(["resource": pds, "authorization_servers": [issuer]], changes)
    }

    static func server(_ changes: [String: Any?] = [:]) -> Data {
        document(
            [
                "issuer": issuer, "authorization_endpoint": issuer + "/authorize", "token_endpoint": issuer + "/token",
                "pushed_authorization_request_endpoint": issuer + "/par", "revocation_endpoint": issuer + "/revoke",
                "require_pushed_authorization_requests": true, "response_types_supported": ["code", "none"],
                "grant_types_supported": ["authorization_code", "refresh_token"], "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["none", "private_key_jwt"],
                "token_endpoint_auth_signing_alg_values_supported": ["ES256", "ES256K"], "dpop_signing_alg_values_supported": ["ES256"],
                "scopes_supported": ["atproto", "transition:generic"], "authorization_response_iss_parameter_supported": true,
                "client_id_metadata_document_supported": true, "protected_resources": [pds],
            ], changes)
    }

    private static func document(_ members: [String: Any], _ changes: [String: Any?]) -> Data {
        var members = members
        for (name, value) in changes { members[name] = value }
        return (try? JSONSerialization.data(withJSONObject: members)) ?? Data()
    }
}
