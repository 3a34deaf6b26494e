import Crypto
import Foundation
import Testing

@testable import ATProto

/// The public vectors in Tests/Interop.
@Suite struct InteropTests {
    private static func file(_ name: String) throws -> Data {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try Data(contentsOf: tests.appendingPathComponent("Interop").appendingPathComponent(name))
    }

    private static func lines(_ name: String) throws -> [String] {
        let lines = String(decoding: try file(name), as: UTF8.self).split(separator: "\n").map(String.init)
            .filter { !$0.hasPrefix("#") && !$0.allSatisfy(\.isWhitespace) }
        #expect(lines.count >= 10)
        return lines
    }

    private struct SignatureCase: Decodable {
        var comment: String
        var messageBase64: String
        var publicKeyDid: String
        var signatureBase64: String
        var validSignature: Bool
        var tags: [String]
    }

    private struct KeyCase: Decodable {
        var publicDidKey: String
        var privateKeyBytesHex: String?
        var privateKeyBytesBase58: String?
    }

    /// High s is not valid in the repository, but in tokens it is, and this server only reads tokens.
    @Test func signatures() throws {
        let cases = try JSONDecoder().decode([SignatureCase].self, from: Self.file("signature-fixtures.json"))
        #expect(cases.count == 6)
        for one in cases {
            let key = try PublicKey(didKey: one.publicKeyDid)
            let message = try #require(Base64URL.decodeLeniently(one.messageBase64))
            let signature = try #require(Base64URL.decodeLeniently(one.signatureBase64))
            let expected = one.validSignature || one.tags == ["high-s"]
            #expect(key.isValidSignature(signature, for: message) == expected, "\(one.comment)")
            #expect(!key.isValidSignature(signature, for: message + [0]), "\(one.comment)")
        }
    }

    @Test(arguments: [("w3c_didkey_K256.json", 5), ("w3c_didkey_P256.json", 1)])
    func keys(_ name: String, _ count: Int) throws {
        let cases = try JSONDecoder().decode([KeyCase].self, from: Self.file(name))
        #expect(cases.count == count)
        for one in cases {
            #expect(try "did:key:" + PublicKey(didKey: one.publicDidKey).multibase == one.publicDidKey)
            #expect(DID(one.publicDidKey)?.method == .key)
            #expect(try "did:key:" + Self.publicKey(one).multibase == one.publicDidKey)
        }
    }

    /// The public half of the private key of a case.
    private static func publicKey(_ one: KeyCase) throws -> PublicKey {
        if let text = one.privateKeyBytesHex {
            let digits = Array(text)
            let bytes = stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...($0 + 1)]), radix: 16) }
            return .k256(try K256Key.point(ofPrivate: bytes))
        }
        let bytes = try #require(one.privateKeyBytesBase58.flatMap { Base58.decode($0) })
        return .p256(try P256.Signing.PrivateKey(rawRepresentation: bytes).publicKey.compressedRepresentation)
    }

    @Test func handles() throws {
        for line in try Self.lines("handle_syntax_valid.txt") {
            #expect(Handle(line)?.text == line.lowercased(), "\(line)")
        }
        for line in try Self.lines("handle_syntax_invalid.txt") { #expect(!Handle.isHostName(line[...]), "\(line)") }
    }

    @Test func dids() throws {
        for line in try Self.lines("did_syntax_valid.txt") {
            #expect(DID.isWellFormed(line), "\(line.prefix(80))")
            if line.hasPrefix("did:plc:") || line.hasPrefix("did:web:") { #expect(DID(line)?.text == line) }
        }
        for line in try Self.lines("did_syntax_invalid.txt") {
            #expect(!DID.isWellFormed(line) && DID(line) == nil, "\(line.prefix(80))")
        }
    }

    @Test func identifiers() throws {
        for line in try Self.lines("atidentifier_syntax_valid.txt") {
            #expect(DID.isWellFormed(line) || Handle.isHostName(line[...]), "\(line)")
        }
        for line in try Self.lines("atidentifier_syntax_invalid.txt") {
            #expect(!DID.isWellFormed(line) && !Handle.isHostName(line[...]), "\(line)")
        }
    }
}
