package import Crypto
import Foundation

/// JSON web tokens that this server signs with P-256 (RFC 7515, RFC 7518 section 3.4).
package enum ES256 {
    /// The compact form of `header` and `claims`, signed.
    package static func sign(
        header: some Encodable, claims: some Encodable, with key: P256.Signing.PrivateKey
    ) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let signed = Base64URL.encode(try encoder.encode(header)) + "." + Base64URL.encode(try encoder.encode(claims))
        let signature = try key.signature(for: Data(signed.utf8))
        return signed + "." + Base64URL.encode(signature.rawRepresentation)
    }
}
