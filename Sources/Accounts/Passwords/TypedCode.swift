import Crypto
package import Foundation

/// A random code that somebody types: it came by mail, or from an operator. Only its hash is kept.
package enum TypedCode {
    /// Characters that are not taken for one another.
    private static let alphabet = Array("abcdefghjkmnpqrstuvwxyz23456789")

    /// A new one of the system's cryptographic generator; a character is worth almost 5 bits.
    package static func make(length: Int = 12) -> String {
        String((0..<length).map { _ in alphabet.randomElement() ?? "x" })
    }

    /// What is kept of it; its case does not count.
    package static func hash(_ code: String) -> Data { Data(SHA256.hash(data: Data(code.lowercased().utf8))) }
}
