import Crypto
import Foundation

/// The encodings the peer needs, written here so that it shares no code with what it tests.
enum PeerText {
    /// Base64url without padding.
    static func base64URL(_ data: some Sequence<UInt8>) -> String {
        Data(data).base64EncodedString()
            .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    }

    /// The bytes of unpadded base64url; nil for anything else, also for spare bits that are not zero.
    static func base64URLDecoded(_ text: some StringProtocol) -> Data? {
        let standard = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        guard !text.contains(where: { "+/=".contains($0) }) else { return nil }
        let padding = String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: standard + padding), base64URL(data) == text else { return nil }
        return data
    }

    /// Base58 with the Bitcoin alphabet.
    static func base58(_ bytes: [UInt8]) -> String {
        let alphabet = Array("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")
        var digits: [Int] = []
        for byte in bytes {
            var carry = Int(byte)
            for index in digits.indices {
                carry += digits[index] << 8
                digits[index] = carry % 58
                carry /= 58
            }
            while carry > 0 {
                digits.append(carry % 58)
                carry /= 58
            }
        }
        let zeros = bytes.prefix { $0 == 0 }.count
        return String(repeating: "1", count: zeros) + String(digits.reversed().map { alphabet[$0] })
    }

    /// `count` random characters of `alphabet`.
    static func random(_ count: Int, of alphabet: String = "abcdefghijklmnopqrstuvwxyz234567") -> String {
        let characters = Array(alphabet)
        return String((0..<count).map { _ in characters[Int.random(in: 0..<characters.count)] })
    }

    /// A secret of 32 random bytes behind a prefix that tells what it is for.
    static func secret(_ prefix: String) -> String {
        prefix + base64URL((0..<32).map { _ in UInt8.random(in: 0...255) })
    }

    /// Base64url of the SHA-256 of the text.
    static func digest(_ text: String) -> String {
        base64URL(SHA256.hash(data: Data(text.utf8)))
    }

    /// Everything but unreserved characters percent-encoded (RFC 3986, 2.3).
    static func percentEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                String(UnicodeScalar(byte))
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }

    /// The members of an `application/x-www-form-urlencoded` text; nil when malformed or when a name occurs twice.
    static func form(_ text: some StringProtocol) -> [String: String]? {
        var members: [String: String] = [:]
        for (name, value) in formPairs(text) ?? [] {
            guard members.updateValue(value, forKey: name) == nil else { return nil }
        }
        return formPairs(text) == nil ? nil : members
    }

    /// The pairs of a form in their order; nil when a percent sequence is malformed.
    static func formPairs(_ text: some StringProtocol) -> [(String, String)]? {
        var pairs: [(String, String)] = []
        for part in text.split(separator: "&") {
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let decoded = halves.map { $0.replacingOccurrences(of: "+", with: " ").removingPercentEncoding }
            guard let name = decoded[0], let value = decoded.count > 1 ? decoded[1] : "" else { return nil }
            pairs.append((name, value))
        }
        return pairs
    }
}
