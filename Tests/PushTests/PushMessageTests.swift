import ATProto
import Crypto
import Foundation
import Testing

@testable import Push

@Suite struct PushMessageTests {
    private func bytes(_ text: String) throws -> Data { try #require(Base64URL.decode(text)) }

    /// The example of RFC 8291, section 5.
    @Test func theExampleOfTheStandard() throws {
        let key = try P256.KeyAgreement.PrivateKey(rawRepresentation: bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"))
        let sealed = try PushMessage.encrypt(
            Data("When I grow up, I want to be a watermelon".utf8),
            publicKey: bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
            secret: bytes("BTBZMqHH6r4Tts7J_aSIgg"), key: key, salt: bytes("DGv6ra1nlYgDCS1FRnbzlw"))
        #expect(
            Base64URL.encode(sealed)
                == "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
                + "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN")
    }

    @Test func aMessageFitsWhatEveryServiceTakes() throws {
        let device = P256.KeyAgreement.PrivateKey().publicKey.x963Representation
        let secret = Data(repeating: 1, count: 16)
        let longest = try PushMessage.encrypt(Data(repeating: 1, count: PushMessage.limit), publicKey: device, secret: secret)
        #expect(longest.count == 4096)
        #expect(throws: PushMessage.Failure.self) {
            try PushMessage.encrypt(Data(repeating: 1, count: PushMessage.limit + 1), publicKey: device, secret: secret)
        }
    }

    @Test func keysAreRead() throws {
        let point = Base64URL.encode(P256.KeyAgreement.PrivateKey().publicKey.x963Representation)
        let secret = Base64URL.encode(Data(repeating: 7, count: 16))
        #expect(PushKeys("p256dh=\(point);auth=\(secret)")?.secret == Data(repeating: 7, count: 16))
        #expect(PushKeys("auth=\(secret);x=y;p256dh=\(point)=") != nil)
        let off = Base64URL.encode(Data([4] + [UInt8](repeating: 9, count: 64)))
        for text in ["", "p256dh=\(point)", "auth=\(secret)", "p256dh=\(off);auth=\(secret)", "p256dh=\(point);auth=AAAA", "p256dh=;auth="]
        {
            #expect(PushKeys(text) == nil, "\(text)")
        }
    }
}

@Suite struct VAPIDKeyTests {
    private let secret = SymmetricKey(data: Data(repeating: 3, count: 32))

    @Test func theKeyIsTheSameAfterEveryStart() {
        #expect(VAPIDKey(derivedFrom: secret).publicKey == VAPIDKey(derivedFrom: secret).publicKey)
        #expect(VAPIDKey(derivedFrom: SymmetricKey(size: .bits256)).publicKey != VAPIDKey(derivedFrom: secret).publicKey)
    }

    /// RFC 8292: `vapid t=<JWT>, k=<key>`, and the key verifies the token.
    @Test func theHeaderProvesWhoAsks() throws {
        let key = VAPIDKey(derivedFrom: secret)
        let header = try key.authorization(for: "https://push.test", subject: "mailto:a@b.test", now: 1_000_000)
        let parts = header.dropFirst(8).split(separator: ", k=")
        #expect(header.hasPrefix("vapid t=") && parts.count == 2 && String(parts[1]) == key.publicKey)
        let token = parts[0].split(separator: ".")
        let claims = try JSONDecoder().decode([String: Claim].self, from: try #require(Base64URL.decode(token[1])))
        #expect(claims == ["aud": .text("https://push.test"), "exp": .number(1000 + 43_200), "sub": .text("mailto:a@b.test")])
        let verifier = try P256.Signing.PublicKey(x963Representation: try #require(Base64URL.decode(parts[1])))
        let signature = try P256.Signing.ECDSASignature(rawRepresentation: try #require(Base64URL.decode(token[2])))
        #expect(verifier.isValidSignature(signature, for: Data("\(token[0]).\(token[1])".utf8)))
    }

    private enum Claim: Decodable, Equatable {
        case text(String)
        case number(Int)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int.self) {
                self = .number(number)
            } else {
                self = .text(try container.decode(String.self))
            }
        }
    }
}
