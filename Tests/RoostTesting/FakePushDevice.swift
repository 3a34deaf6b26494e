import Crypto
package import Foundation

/// A device that takes notifications: it has keys of its own and reads what was encrypted for it (RFC 8291, the other side).
package struct FakePushDevice: Sendable {
    private let key = P256.KeyAgreement.PrivateKey()
    private let secret = SymmetricKey(size: .bits128).withUnsafeBytes { Data($0) }

    package init() {}

    /// The keys as `WEBPUSH REGISTER` takes them.
    package var keys: String {
        func encode(_ data: Data) -> String {
            data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        }
        return "p256dh=\(encode(key.publicKey.x963Representation));auth=\(encode(secret))"
    }

    /// What `body` says.
    package func read(_ body: Data) throws -> String {
        let bytes = [UInt8](body)
        let (salt, sender) = (Data(bytes[0..<16]), Data(bytes[21..<86]))
        let shared = try key.sharedSecretFromKeyAgreement(with: P256.KeyAgreement.PublicKey(x963Representation: sender))
            .hkdfDerivedSymmetricKey(
                using: SHA256.self, salt: secret, sharedInfo: Data("WebPush: info\0".utf8) + key.publicKey.x963Representation + sender,
                outputByteCount: 32)
        func derive(_ name: String, _ count: Int) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: shared, salt: salt, info: Data("Content-Encoding: \(name)\0".utf8), outputByteCount: count)
        }
        let nonce = derive("nonce", 12).withUnsafeBytes { Data($0) }
        let box = try AES.GCM.SealedBox(combined: nonce + Data(bytes[86...]))
        return String(decoding: try AES.GCM.open(box, using: derive("aes128gcm", 16)).dropLast(), as: UTF8.self)
    }
}
