import Crypto
import Foundation

/// Unguessable text for states, verifiers, proof identifiers and bearer tokens.
package enum RandomToken {
    /// Base64url without padding of `bytes` bytes from the system's cryptographic generator.
    package static func make(bytes: Int = 32) -> String {
        SymmetricKey(size: SymmetricKeySize(bitCount: bytes * 8)).withUnsafeBytes { Base64URL.encode(Data($0)) }
    }
}
