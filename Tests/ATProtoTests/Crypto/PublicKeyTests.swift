import ATProto
import COpenSSL
import Crypto
import Foundation
import Testing

@Suite struct PublicKeyTests {
    private let message = Data("to be signed".utf8)

    @Test func p256() throws {
        let key = P256.Signing.PrivateKey()
        let publicKey = PublicKey.p256(key.publicKey.compressedRepresentation)
        let signature = try key.signature(for: message).rawRepresentation
        #expect(publicKey.isValidSignature(signature, for: message))
        #expect(!publicKey.isValidSignature(signature, for: message + [0]))
        #expect(try !publicKey.isValidSignature(key.signature(for: message).derRepresentation, for: message))
        #expect(try PublicKey(multibase: publicKey.multibase) == publicKey)
        #expect(publicKey.multibase.hasPrefix("zDn"))
    }

    @Test func ed25519() throws {
        let key = Curve25519.Signing.PrivateKey()
        let publicKey = PublicKey.ed25519(key.publicKey.rawRepresentation)
        #expect(publicKey.isValidSignature(try key.signature(for: message), for: message))
        #expect(!publicKey.isValidSignature(Data(count: 64), for: message))
        #expect(try PublicKey(didKey: "did:key:" + publicKey.multibase) == publicKey)
    }

    /// Both S and its mirror are taken, because JWT libraries make both; DER and zero are not.
    @Test func secp256k1() throws {
        let key = try K256Key()
        let publicKey = try PublicKey(multibase: PublicKey.k256(key.point).multibase)
        for _ in 0..<8 {
            let der = try key.sign(message)
            let raw = try #require(compact(der))
            #expect(publicKey.isValidSignature(raw, for: message))
            #expect(publicKey.isValidSignature(mirrored(raw), for: message))
            #expect(!publicKey.isValidSignature(der, for: message))
            #expect(!publicKey.isValidSignature(raw, for: message + [1]))
        }
        #expect(!publicKey.isValidSignature(Data(count: 64), for: message))
        #expect(!publicKey.isValidSignature(Data(repeating: 0xFF, count: 64), for: message))
    }

    @Test(arguments: [
        "", "z", "zQ3sh", "Q3shqwJEJyMBsBXCWyCBpUBMqxcon9oHB7mCvx4sSpMdLJwc", "z0OIl", "m" + String(repeating: "A", count: 50),
    ])
    func refusesWhatIsNoKey(_ text: String) {
        #expect(throws: PublicKey.Fault.self) { try PublicKey(multibase: text) }
    }

    @Test func refusesPointsOffTheCurve() {
        let off = PublicKey.k256(Data([2]) + Data(repeating: 0xFF, count: 32)).multibase
        #expect(throws: PublicKey.Fault.notOnCurve) { try PublicKey(multibase: off) }
    }

    private func compact(_ der: Data) -> Data? {
        try? P256.Signing.ECDSASignature(derRepresentation: der).rawRepresentation
    }

    /// r and n - s.
    private func mirrored(_ raw: Data) -> Data {
        var order: [UInt8] = Array(repeating: 0xFF, count: 15) + [0xFE]
        order += [0xBA, 0xAE, 0xDC, 0xE6, 0xAF, 0x48, 0xA0, 0x3B, 0xBF, 0xD2, 0x5E, 0x8C, 0xD0, 0x36, 0x41, 0x41]
        var (result, borrow) = ([UInt8](repeating: 0, count: 32), 0)
        let s = Array(raw.suffix(32))
        for index in stride(from: 31, through: 0, by: -1) {
            let difference = Int(order[index]) - Int(s[index]) - borrow
            borrow = difference < 0 ? 1 : 0
            result[index] = UInt8(difference + borrow * 256)
        }
        return raw.prefix(32) + result
    }
}

/// A private key on secp256k1, for tests.
struct K256Key {
    enum Fault: Error {
        case openSSL
    }

    private let key: OpaquePointer
    let point: Data

    init() throws {
        var made: OpaquePointer?
        guard let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil), EVP_PKEY_keygen_init(context) == 1,
            EVP_PKEY_CTX_set_group_name(context, "secp256k1") == 1, EVP_PKEY_generate(context, &made) == 1, let key = made,
            EVP_PKEY_set_utf8_string_param(key, "point-format", "compressed") == 1
        else { throw Fault.openSSL }
        EVP_PKEY_CTX_free(context)
        var (bytes, length) = ([UInt8](repeating: 0, count: 100), 0)
        guard EVP_PKEY_get_octet_string_param(key, "pub", &bytes, bytes.count, &length) == 1, length == 33 else { throw Fault.openSSL }
        point = Data(bytes.prefix(length))
        self.key = key
    }

    /// The compressed point of the private key whose big-endian bytes these are.
    static func point(ofPrivate bytes: [UInt8]) throws -> Data {
        guard let group = EC_GROUP_new_by_curve_name(NID_secp256k1), let point = EC_POINT_new(group),
            let number = BN_bin2bn(bytes, Int32(bytes.count), nil)
        else { throw Fault.openSSL }
        defer {
            BN_clear_free(number)
            EC_POINT_free(point)
            EC_GROUP_free(group)
        }
        var compressed = [UInt8](repeating: 0, count: 33)
        guard EC_POINT_mul(group, point, number, nil, nil, nil) == 1,
            EC_POINT_point2oct(group, point, POINT_CONVERSION_COMPRESSED, &compressed, compressed.count, nil) == compressed.count
        else { throw Fault.openSSL }
        return Data(compressed)
    }

    func sign(_ message: Data) throws -> Data {
        guard let context = EVP_MD_CTX_new() else { throw Fault.openSSL }
        defer { EVP_MD_CTX_free(context) }
        var (signature, length) = ([UInt8](repeating: 0, count: 100), 100)
        let text = Array(message)
        guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1,
            EVP_DigestSign(context, &signature, &length, text, text.count) == 1
        else { throw Fault.openSSL }
        return Data(signature.prefix(length))
    }
}
