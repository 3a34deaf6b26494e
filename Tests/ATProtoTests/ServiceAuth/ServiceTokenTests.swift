import Crypto
import Foundation
import Testing

@testable import ATProto

@Suite struct ServiceTokenTests {
    private let now: Int64 = 1_767_225_600_000
    private let claims =
        ##"{"iss":"did:plc:abcdefghijklmnopqrstuvwx","aud":"did:web:irc.example.com#roost_irc","lxm":"com.example.login","##
        + #""exp":1767225660,"iat":1767225600,"jti":"a"}"#

    private func service(_ url: String = "https://irc.example.com", bare: Bool = false, loopback: Bool = false) throws -> ServiceIdentity? {
        ServiceIdentity(publicURL: try #require(Origin(url)), method: "com.example.login", takesBareDID: bare, allowLoopback: loopback)
    }

    private func text(_ header: String) -> String {
        Base64URL.encode(Data(header.utf8)) + "." + Base64URL.encode(Data(claims.utf8))
    }

    private func token(_ signed: String, _ signature: Data) throws -> ServiceToken {
        try ServiceToken(signed + "." + Base64URL.encode(signature), for: #require(try service()), now: now)
    }

    @Test func bothCurvesSignAndOnlyForTheirAlgorithm() throws {
        let (p256, k256) = (P256.Signing.PrivateKey(), try K256Key())
        let keys = [PublicKey.p256(p256.publicKey.compressedRepresentation), .k256(k256.point)]
        for _ in 0..<8 {
            for (algorithm, isK) in [("ES256", false), ("ES256K", true)] {
                let signed = text(##"{"alg":"\##(algorithm)","typ":"JWT","kid":"#atproto"}"##)
                let p = try p256.signature(for: Data(signed.utf8)).rawRepresentation
                let k = try P256.Signing.ECDSASignature(derRepresentation: k256.sign(Data(signed.utf8))).rawRepresentation
                #expect(try token(signed, p).isSigned(by: keys[0]) == !isK)
                #expect(try token(signed, k).isSigned(by: keys[1]) == isK)
                #expect(try !token(signed, p).isSigned(by: keys[1]))
                #expect(try !token(signed, k).isSigned(by: keys[0]))
            }
        }
        let key = Curve25519.Signing.PrivateKey()
        let signed = text(#"{"alg":"ES256"}"#)
        let other = try token(signed, key.signature(for: Data(signed.utf8)))
        #expect(!other.isSigned(by: .ed25519(key.publicKey.rawRepresentation)))
    }

    @Test func theOrderOfTheRulesIsFixed() throws {
        let service = try #require(try self.service())
        func fault(_ text: String) -> ServiceToken.Fault? {
            do throws(ServiceToken.Fault) {
                _ = try ServiceToken(text, for: service, now: now)
                return nil
            } catch {
                return error
            }
        }
        #expect(fault(String(repeating: "a", count: 4097)) == .tooLong)
        #expect(fault("a.b") == .notThreeParts)
        #expect(fault("?.?.?") == .notBase64)
        #expect(fault("W10.W10.") == .notJSON)
        #expect(fault("e30.e30.") == .algorithm)
        #expect(fault(Base64URL.encode(Data(#"{"alg":"ES256","crit":null}"#.utf8)) + ".e30.") == .critical)
        #expect(fault(Base64URL.encode(Data(#"{"alg":"ES256"}"#.utf8)) + ".e30.") == .issuer)
        #expect(fault(text(#"{"alg":"ES256"}"#) + ".AAAA") == .signatureLength)
    }

    @Test(arguments: [
        ("https://irc.example.com", false, "did:web:irc.example.com"), ("https://irc.example.com:8443", false, nil),
        ("http://irc.example.com", false, nil), ("http://127.0.0.1:8080", false, nil), ("http://127.0.0.1:8080", true, nil),
        ("http://localhost:8080", false, nil), ("http://localhost:8080", true, "did:web:localhost%3A8080"),
        ("https://irc.test", false, nil), ("https://irc.local", true, nil), ("https://[2606:4700::1111]", false, nil),
    ])
    func whoTheServerIs(_ url: String, _ loopback: Bool, _ did: String?) throws {
        #expect(try service(url, loopback: loopback)?.did.text == did)
    }

    @Test func theBareDIDCountsWhereTheOperatorSaysSo() throws {
        #expect(try service()?.audiences == ["did:web:irc.example.com#roost_irc"])
        #expect(try service(bare: true)?.audiences == ["did:web:irc.example.com#roost_irc", "did:web:irc.example.com"])
    }

    @Test func theDocumentIsOfItself() throws {
        let service = try #require(try self.service())
        let document = try DIDDocument(json: service.document, expecting: service.did)
        #expect(document.id == service.did)
        #expect(
            String(decoding: service.document, as: UTF8.self).contains(##""id":"#roost_irc","serviceEndpoint":"https://irc.example.com""##))
    }

    @Test(arguments: [
        #"{"a":1,"a":2}"#, ##"{"a":1,"\u0061":2}"##, #"[]"#, #""a""#, "", #" {"a":1}"#, #"{"a":1}x"#, #"{"a":1}{"#, #"{"a":1,}"#, "{'a':1}",
    ])
    func strictJSONRefuses(_ text: String) {
        #expect(JSONDocument(strict: Data(text.utf8)) == nil)
    }

    @Test(arguments: [#"{}"#, #"{"a":{"a":[{"a":1}]},"b":"a\":","c":"\\"}"#, #"{"a" : "b","b":"a"}"#])
    func strictJSONTakes(_ text: String) {
        #expect(JSONDocument(strict: Data(text.utf8)) != nil)
    }

    @Test func hostileNumbersAreNone() throws {
        let document = try #require(JSONDocument(strict: Data(#"{"a":1e300,"b":-1e300,"c":1.5,"d":"7","e":7,"f":null}"#.utf8)))
        #expect(["a", "b", "c", "d", "e", "f"].map { document.wholeNumber($0) } == [nil, nil, nil, nil, 7, nil])
        #expect(document.has("f") && !document.has("g"))
    }
}
