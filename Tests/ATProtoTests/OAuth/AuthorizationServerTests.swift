import Foundation
import Testing

@testable import ATProto

@Suite struct AuthorizationServerTests {
    private func server(_ changes: [String: Any?] = [:], allowsHTTP: Bool = false) throws -> AuthorizationServer {
        try AuthorizationServer(
            json: ServerMetadata.server(changes), issuer: ServerMetadata.issuer, pds: #require(Origin(ServerMetadata.pds)),
            allowsHTTP: allowsHTTP)
    }

    @Test func acceptsTheProfile() throws {
        let server = try server()
        #expect(server.issuer == ServerMetadata.issuer)
        #expect(server.tokenEndpoint == "https://as.example.com/token")
        #expect(server.pushedRequestEndpoint == "https://as.example.com/par")
        #expect(server.authorizationEndpoint == "https://as.example.com/authorize")
        #expect(server.revocationEndpoint == "https://as.example.com/revoke")
        #expect(try self.server(["revocation_endpoint": nil]).revocationEndpoint == nil)
        #expect(throws: Never.self) { try self.server(["protected_resources": nil]) }
    }

    @Test(arguments: [
        "issuer", "authorization_endpoint", "token_endpoint", "pushed_authorization_request_endpoint",
        "require_pushed_authorization_requests", "response_types_supported", "grant_types_supported", "code_challenge_methods_supported",
        "token_endpoint_auth_methods_supported", "token_endpoint_auth_signing_alg_values_supported", "dpop_signing_alg_values_supported",
        "scopes_supported", "authorization_response_iss_parameter_supported", "client_id_metadata_document_supported",
    ])
    func refusesWithout(_ member: String) {
        #expect(throws: MetadataFault.self) { try server([member: nil]) }
        #expect(throws: MetadataFault.self) { try server([member: 1]) }
    }

    @Test func refusesOtherIssuers() {
        for issuer in ["https://as.example.com/", "https://AS.example.com", "https://other.example.com"] {
            #expect(throws: MetadataFault.unacceptable("issuer", "is not the server that was asked")) { try server(["issuer": issuer]) }
        }
    }

    @Test func refusesMissingValues() {
        #expect(throws: MetadataFault.self) { try server(["grant_types_supported": ["authorization_code"]]) }
        #expect(throws: MetadataFault.self) { try server(["code_challenge_methods_supported": ["plain"]]) }
        #expect(throws: MetadataFault.self) { try server(["dpop_signing_alg_values_supported": ["ES256K"]]) }
        #expect(throws: MetadataFault.self) {
            try server(["token_endpoint_auth_signing_alg_values_supported": ["ES256", "none"]])
        }
        #expect(throws: MetadataFault.self) { try server(["require_pushed_authorization_requests": false]) }
        #expect(throws: MetadataFault.self) { try server(["protected_resources": ["https://elsewhere.example.com"]]) }
    }

    @Test(arguments: [
        "http://as.example.com/x", "javascript:alert(1)", "https://user@as.example.com/", "https:///x", "https://as.example.com/#f",
        "https://as.example.com/a b", "/relative",
    ])
    func refusesEndpoint(_ url: String) {
        #expect(throws: MetadataFault.self) { try server(["authorization_endpoint": url]) }
    }

    @Test func httpOnlyWhenAllowed() {
        #expect(throws: Never.self) { try server(["token_endpoint": "http://127.0.0.1:1/token"], allowsHTTP: true) }
        #expect(throws: MetadataFault.self) { try server(["token_endpoint": "ftp://127.0.0.1/token"], allowsHTTP: true) }
    }

    @Test func refusesWhatIsNoObject() {
        for text in ["", "[]", "null", "{", "\"x\""] {
            #expect(throws: MetadataFault.notJSON) {
                try AuthorizationServer(
                    json: Data(text.utf8), issuer: ServerMetadata.issuer, pds: #require(Origin(ServerMetadata.pds)), allowsHTTP: false)
            }
        }
    }
}

@Suite struct ProtectedResourceTests {
    private func issuer(_ changes: [String: Any?] = [:]) throws -> String {
        try ProtectedResource(json: ServerMetadata.resource(changes), pds: #require(Origin(ServerMetadata.pds))).issuer
    }

    @Test func namesTheIssuer() throws {
        #expect(try issuer() == ServerMetadata.issuer)
    }

    @Test func refuses() {
        #expect(throws: MetadataFault.self) { try issuer(["resource": "https://other.example.com"]) }
        #expect(throws: MetadataFault.missing("resource")) { try issuer(["resource": nil]) }
        #expect(throws: MetadataFault.missing("authorization_servers")) { try issuer(["authorization_servers": nil]) }
        let none: [String] = []
        #expect(throws: MetadataFault.self) { try issuer(["authorization_servers": none]) }
        #expect(throws: MetadataFault.self) { try issuer(["authorization_servers": ["https://a.example.com", "https://b.example.com"]]) }
        for issuer in ["https://as.example.com/", "https://as.example.com/x", "https://as.example.com:443", "as.example.com"] {
            #expect(throws: MetadataFault.self) { try self.issuer(["authorization_servers": [issuer]]) }
        }
    }
}
