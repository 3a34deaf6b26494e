import ATProto
import Crypto
import Foundation
import SwiftASN1
import Testing
import X509

@testable import ACME

@Suite struct KeyTests {
    /// The key of RFC 9449 section 4.1 and its thumbprint (RFC 7638) of section 6.1 there.
    @Test func thumbprint() throws {
        let x = try #require(Base64URL.decode("l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs"))
        let y = try #require(Base64URL.decode("9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"))
        let key = P256JWK(try P256.Signing.PublicKey(rawRepresentation: x + y))
        #expect(key.thumbprint == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I")
    }

    @Test func aKeyComesBackFromItsFile() throws {
        let key = AccountKey()
        let again = try #require(AccountKey(pem: key.pem))
        #expect(again.jwk.thumbprint == key.jwk.thumbprint && AccountKey(pem: "") == nil)
        #expect(key.keyAuthorization("token") == "token.\(key.jwk.thumbprint)")
    }

    /// The example of RFC 9773 section 4.1.
    @Test func renewalID() {
        let issuer = Data([
            0x69, 0x88, 0x5B, 0x6B, 0x87, 0x46, 0x40, 0x41, 0xE1, 0xB3, 0x7B, 0x84, 0x7B, 0xA0, 0xAE, 0x2C, 0xDE, 0x01, 0xC8, 0xD4,
        ])
        let expected = "aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE"
        #expect(ObtainedCertificate.renewalID(issuer: issuer, serial: Data([0x00, 0x87, 0x65, 0x43, 0x21])) == expected)
        #expect(ObtainedCertificate.renewalID(issuer: issuer, serial: Data([0x87, 0x65, 0x43, 0x21])) == expected)
        #expect(ObtainedCertificate.renewalID(issuer: Data(), serial: Data([0x12])) == ".Eg")
    }

    /// RFC 8737 section 3: one name, and the digest in a critical extension.
    @Test func challengeCertificate() throws {
        let made = try ChallengeCertificate(name: "irc.example.com", keyAuthorization: "a.b", now: 1_767_225_600_000)
        let certificate = try Certificate(pemEncoded: made.certificate)
        #expect(try certificate.extensions.subjectAlternativeNames.map { Array($0) } == [.dnsName("irc.example.com")])
        let shown = try #require(certificate.extensions[oid: [1, 3, 6, 1, 5, 5, 7, 1, 31]])
        #expect(shown.critical && shown.value == [4, 32] + Array(SHA256.hash(data: Data("a.b".utf8))))
        #expect(certificate.publicKey == Certificate.PublicKey(try P256.Signing.PrivateKey(pemRepresentation: made.key).publicKey))
    }

    @Test func signingRequest() throws {
        let key = AccountKey()
        let request = try CertificateSigningRequest(
            derEncoded: Array(SigningRequest.make(names: ["a.example", "b.example"], key: key.pem)))
        #expect(request.publicKey.isValidSignature(request.signature, for: request))
        let names = try request.attributes.compactMap { try? ExtensionRequest($0) }.first?.extensions.subjectAlternativeNames
        #expect(names.map { Array($0) } == [.dnsName("a.example"), .dnsName("b.example")])
    }

    @Test func renewalWindow() {
        func read(_ start: String, _ end: String) -> RenewalWindow? {
            RenewalWindow(Data(#"{"suggestedWindow":{"start":"\#(start)","end":"\#(end)"}}"#.utf8))
        }
        #expect(read("2026-01-01T00:00:00Z", "2026-01-02T00:00:00.5Z") == RenewalWindow(start: 1_767_225_600_000, end: 1_767_312_000_500))
        #expect(read("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z") == nil)
        #expect(read("tomorrow", "2026-01-01T00:00:00Z") == nil && RenewalWindow(Data("{}".utf8)) == nil)
    }

    @Test func headersOfAnAuthorityAreJudged() {
        func response(_ headers: [(String, String)]) -> AuthorityResponse {
            AuthorityResponse(
                FetchResponse(status: 200, headers: FetchHeaders(headers), body: Data(), finalURL: ""), now: 1_767_225_600_000)
        }
        #expect(response([("replay-nonce", "aB-_9")]).nonce == "aB-_9")
        #expect(response([("Replay-Nonce", "a b")]).nonce == nil && response([("Replay-Nonce", "")]).nonce == nil)
        #expect(response([("Location", String(repeating: "a", count: 2000))]).location == nil)
        #expect(response([("Retry-After", "100000")]).retryAfter == .seconds(100_000))
        #expect(response([("Retry-After", "99999999")]).retryAfter == .seconds(7 * 86_400))
        #expect(response([("Retry-After", "Thu, 01 Jan 2026 00:01:00 GMT")]).retryAfter == .seconds(60))
    }
}
