import COpenSSL
import Foundation

/// The curve that most AT Protocol accounts use and swift-crypto does not have, by libcrypto.
enum Secp256k1 {
    /// Whether the compressed point lies on the curve.
    static func isPoint(_ key: Data) -> Bool {
        withKey(key) { _ in true } ?? false
    }

    /// ECDSA over SHA-256; `signature` is r and s, 32 bytes each.
    static func isValidSignature(_ signature: Data, for message: Data, key: Data) -> Bool {
        guard let der = der(signature) else { return false }
        let verified = withKey(key) { key -> Bool in
            guard let context = EVP_MD_CTX_new() else { return false }
            defer { EVP_MD_CTX_free(context) }
            guard EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1 else { return false }
            let (der, message) = (Array(der), Array(message))
            return EVP_DigestVerify(context, der, der.count, message, message.count) == 1
        }
        return verified ?? false
    }

    private static func withKey<Result>(_ point: Data, _ body: (OpaquePointer) -> Result) -> Result? {
        guard point.count == 33, let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil) else { return nil }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_fromdata_init(context) == 1 else { return nil }
        var group = Array("secp256k1".utf8CString)
        var point = Array(point)
        var key: OpaquePointer?
        let made = group.withUnsafeMutableBytes { group in
            point.withUnsafeMutableBytes { point in
                var parameters = [
                    OSSL_PARAM_construct_utf8_string(name("group"), group.baseAddress, 0),
                    OSSL_PARAM_construct_octet_string(name("pub"), point.baseAddress, point.count),
                    OSSL_PARAM_construct_end(),
                ]
                return EVP_PKEY_fromdata(context, &key, publicKeySelection, &parameters)
            }
        }
        guard made == 1, let key else { return nil }
        defer { EVP_PKEY_free(key) }
        return body(key)
    }

    /// `EVP_PKEY_PUBLIC_KEY`, a macro that Swift does not see.
    private static let publicKeySelection: Int32 = 0x86

    /// libcrypto keeps the pointer to a parameter's name, so the name has to live for ever.
    private static func name(_ text: StaticString) -> UnsafePointer<CChar> {
        UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
    }

    /// libcrypto wants ASN.1; r and s must not be zero, their upper bound it checks itself.
    private static func der(_ raw: Data) -> Data? {
        guard raw.count == 64 else { return nil }
        let integers = [raw.prefix(32), raw.suffix(32)].map { part -> [UInt8] in
            let trimmed = Array(part.drop { $0 == 0 })
            return (trimmed.first ?? 0) >= 0x80 ? [0] + trimmed : trimmed
        }
        guard integers.allSatisfy({ !$0.isEmpty }) else { return nil }
        let content = integers.flatMap { [UInt8(0x02), UInt8($0.count)] + $0 }
        return Data([0x30, UInt8(content.count)] + content)
    }
}
