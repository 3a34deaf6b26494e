import Crypto
import Foundation

/// Unguessable text for states, verifiers, proof identifiers and bearer tokens.
package enum RandomToken {
    /// Base64url without padding of `bytes` bytes from the system's cryptographic generator.
    package static func make(bytes: Int = 32) -> String {
        SymmetricKey(size: SymmetricKeySize(bitCount: bytes * 8)).withUnsafeBytes { Base64URL.encode(Data($0)) }
    }

    /// Whether `text` can be one of 32 bytes.
    package static func isPlausible(_ text: String) -> Bool {
        text.utf8.count == 43 && Base64URL.decode(text) != nil
    }
}
