import Foundation
import Testing

@testable import ATProto

@Suite struct ClientIdentityTests {
    private func identity(_ url: String) throws -> ClientIdentity {
        try ClientIdentity(publicURL: #require(Origin(url)))
    }

    @Test func loopbackIsTheDevelopmentClient() throws {
        let identity = try identity("http://127.0.0.1:8080")
        #expect(identity.redirectURI == "http://127.0.0.1:8080/auth/callback")
        #expect(identity.clientID == "http://localhost?redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2Fauth%2Fcallback&scope=atproto")
    }

    @Test func publicClientNamesItsDocument() throws {
        let identity = try identity("https://irc.example.com")
        #expect(identity.clientID == "https://irc.example.com/client-metadata.json")
        let document = try #require(try JSONSerialization.jsonObject(with: identity.metadata) as? [String: Any])
        #expect(document["client_id"] as? String == identity.clientID)
        #expect(document["redirect_uris"] as? [String] == ["https://irc.example.com/auth/callback"])
        #expect(document["client_uri"] as? String == "https://irc.example.com")
        #expect(document["scope"] as? String == "atproto")
        #expect(document["grant_types"] as? [String] == ["authorization_code", "refresh_token"])
        #expect(document["response_types"] as? [String] == ["code"])
        #expect(document["token_endpoint_auth_method"] as? String == "none")
        #expect(document["token_endpoint_auth_signing_alg"] == nil)
        #expect(document["application_type"] as? String == "web")
        #expect(document["dpop_bound_access_tokens"] as? Bool == true)
    }

    @Test(arguments: [
        ("http://irc.example.com", ClientIdentityError.notSecure("http://irc.example.com")),
        ("https://irc.example.com:8443", .hasPort("https://irc.example.com:8443")),
    ])
    func refusesWhatServersRefuse(_ url: String, _ expected: ClientIdentityError) throws {
        let origin = try #require(Origin(url))
        #expect(throws: expected) { try ClientIdentity(publicURL: origin) }
    }
}
