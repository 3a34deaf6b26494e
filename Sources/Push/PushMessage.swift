package import Crypto
package import Foundation

/// The encryption of a notification for one device (RFC 8291, in the `aes128gcm` coding of RFC 8188): the push service that carries it
/// cannot read it.
package enum PushMessage {
    /// The longest text: a push service takes bodies of 4096 bytes at least, and the header, the end mark and the tag need 103 of them.
    package static let limit = 4096 - 103
    private static let recordSize: UInt32 = 4096

    package enum Failure: Error {
        case tooLong
    }

    /// Encrypts `text`.
    ///
    /// - Parameters:
    ///   - key: made for this message alone.
    ///   - salt: 16 random bytes, for this message alone.
    package static func encrypt(
        _ text: Data, publicKey: Data, secret: Data, key: P256.KeyAgreement.PrivateKey = .init(), salt: Data = randomSalt()
    ) throws -> Data {
        guard text.count <= limit else { throw Failure.tooLong }
        let device = try P256.KeyAgreement.PublicKey(x963Representation: publicKey)
        let sender = key.publicKey.x963Representation
        let shared = try key.sharedSecretFromKeyAgreement(with: device).hkdfDerivedSymmetricKey(
            using: SHA256.self, salt: secret, sharedInfo: Data("WebPush: info\0".utf8) + publicKey + sender, outputByteCount: 32)
        func derive(_ purpose: String, _ count: Int) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: shared, salt: salt, info: Data("Content-Encoding: \(purpose)\0".utf8), outputByteCount: count)
        }
        let nonce = try derive("nonce", 12).withUnsafeBytes { try AES.GCM.Nonce(data: $0) }
        // One record, and it is the last: its text ends with 2.
        let sealed = try AES.GCM.seal(text + [2], using: derive("aes128gcm", 16), nonce: nonce)
        let size = withUnsafeBytes(of: recordSize.bigEndian) { Data($0) }
        return salt + size + [UInt8(sender.count)] + sender + sealed.ciphertext + sealed.tag
    }

    package static func randomSalt() -> Data { SymmetricKey(size: .bits128).withUnsafeBytes { Data($0) } }
}
