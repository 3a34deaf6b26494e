import Crypto
import Foundation
import Testing

@testable import ATProto

@Suite struct DPoPKeyTests {
    @Test func proofIsBoundToKeyAndRequest() throws {
        let key = DPoPKey()
        let proof = try ProofParts(
            key.proof(method: "POST", url: "https://as.example/token?x=1#y", nonce: "n-1", now: 1_700_000_000_999))
        #expect(proof.header.typ == "dpop+jwt")
        #expect(proof.header.alg == "ES256")
        #expect(proof.header.jwk.kty == "EC")
        #expect(proof.header.jwk.crv == "P-256")
        let point = try #require(Base64URL.decode(proof.header.jwk.x)) + (try #require(Base64URL.decode(proof.header.jwk.y)))
        #expect(point == key.publicKey.rawRepresentation)
        #expect(proof.claims.htm == "POST")
        #expect(proof.claims.htu == "https://as.example/token")
        #expect(proof.claims.iat == 1_700_000_000)
        #expect(proof.claims.nonce == "n-1")
        #expect(proof.claims.ath == nil)
        #expect(proof.signature.count == 64)
        let signature = try P256.Signing.ECDSASignature(rawRepresentation: proof.signature)
        #expect(key.publicKey.isValidSignature(signature, for: proof.signed))
        #expect(!DPoPKey().publicKey.isValidSignature(signature, for: proof.signed))
    }

    @Test func accessTokenIsHashedForResourceServers() throws {
        let proof = try ProofParts(DPoPKey().proof(method: "GET", url: "https://pds.example/x", nonce: nil, accessToken: "abc", now: 0))
        #expect(proof.claims.ath == "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0")
        #expect(proof.claims.nonce == nil)
    }

    @Test func everyProofHasItsOwnIdentifier() throws {
        let key = DPoPKey()
        let identifiers = try (0..<20).map { _ in
            try ProofParts(key.proof(method: "GET", url: "https://a.example", nonce: nil, now: 0)).claims.jti
        }
        #expect(Set(identifiers).count == 20)
    }

    @Test func survivesStorage() throws {
        let key = DPoPKey()
        #expect(key.rawRepresentation.count == 32)
        #expect(try DPoPKey(rawRepresentation: key.rawRepresentation).publicKey.rawRepresentation == key.publicKey.rawRepresentation)
        #expect(throws: (any Error).self) { try DPoPKey(rawRepresentation: Data([1, 2, 3])) }
    }
}
