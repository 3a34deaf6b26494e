import Crypto
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

    private func document(_ json: Data) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
    }

    @Test func confidentialClientNamesItsDocumentAndItsKeys() throws {
        let identity = try identity("https://irc.example.com")
        #expect(identity.isConfidential)
        #expect(identity.clientID == "https://irc.example.com/oauth-client-metadata.json")
        let document = try document(identity.metadata)
        #expect(document["client_id"] as? String == identity.clientID)
        #expect(document["redirect_uris"] as? [String] == ["https://irc.example.com/auth/callback"])
        #expect(document["client_uri"] as? String == "https://irc.example.com")
        #expect(document["scope"] as? String == "atproto")
        #expect(document["grant_types"] as? [String] == ["authorization_code", "refresh_token"])
        #expect(document["response_types"] as? [String] == ["code"])
        #expect(document["token_endpoint_auth_method"] as? String == "private_key_jwt")
        #expect(document["token_endpoint_auth_signing_alg"] as? String == "ES256")
        #expect(document["jwks_uri"] as? String == "https://irc.example.com/oauth-client-keys.json")
        #expect(document["jwks"] == nil)
        #expect(document["application_type"] as? String == "web")
        #expect(document["dpop_bound_access_tokens"] as? Bool == true)
    }

    @Test func thePublicClientOfOlderSessionsStaysWhatItWas() throws {
        let document = try document(identity("https://irc.example.com").formerMetadata)
        #expect(document["client_id"] as? String == "https://irc.example.com/client-metadata.json")
        #expect(document["redirect_uris"] as? [String] == ["https://irc.example.com/auth/callback"])
        #expect(document["token_endpoint_auth_method"] as? String == "none")
        #expect(document["token_endpoint_auth_signing_alg"] == nil && document["jwks_uri"] == nil)
        #expect(document["application_type"] as? String == "web")
    }

    @Test func theDevelopmentClientHasNoKeys() throws {
        let identity = try identity("http://127.0.0.1:8080")
        #expect(!identity.isConfidential && identity.keySetURL == nil && identity.formerMetadata == identity.metadata)
        let document = try document(identity.metadata)
        #expect(document["token_endpoint_auth_method"] as? String == "none")
        #expect(document["application_type"] as? String == "native")
        #expect(document["token_endpoint_auth_signing_alg"] == nil && document["jwks_uri"] == nil)
    }

    @Test func theKeySetShowsPublicHalvesWithTheirNames() throws {
        let keys = [ClientKey(), ClientKey()]
        let set = try document(ClientKeySet(keys.map(\.publicKey)).document)
        #expect(Set(set.keys) == ["keys"])
        let entries = try #require(set["keys"] as? [[String: String]])
        #expect(entries.map { $0["kid"] } == keys.map(\.id))
        for entry in entries {
            #expect(Set(entry.keys) == ["kty", "crv", "x", "y", "kid", "use", "alg"])
            #expect(entry["kty"] == "EC" && entry["crv"] == "P-256" && entry["use"] == "sig" && entry["alg"] == "ES256")
        }
    }

    /// The example of RFC 7517, appendix A.1, with its thumbprint computed by other means.
    @Test func aKeyIsNamedByItsThumbprint() throws {
        let x = try #require(Base64URL.decode("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"))
        let y = try #require(Base64URL.decode("4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"))
        #expect(P256JWK(try P256.Signing.PublicKey(rawRepresentation: x + y)).thumbprint == "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s")
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
