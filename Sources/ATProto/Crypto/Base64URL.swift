package import Foundation

/// base64url without padding (RFC 4648 section 5; RFC 7515 section 2).
package enum Base64URL {
    package static func encode(_ data: Data) -> String {
        var text = data.base64EncodedString().replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
        while text.hasSuffix("=") { text.removeLast() }
        return text
    }

    /// Strict: no padding, no other alphabet, no stray bits at the end; nil otherwise.
    package static func decode(_ text: some StringProtocol) -> Data? {
        guard !text.utf8.contains(where: { "+/=".utf8.contains($0) }), let data = decodeLeniently(text), encode(data) == text else {
            return nil
        }
        return data
    }

    /// Takes padding and the standard alphabet as well.
    package static func decodeLeniently(_ text: some StringProtocol) -> Data? {
        var text = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        while text.hasSuffix("=") { text.removeLast() }
        text += String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return Data(base64Encoded: text)
    }
}
