package import Foundation

/// `application/x-www-form-urlencoded` text, and percent-encoding for single values.
package enum FormBody {
    /// The media type of a form.
    package static let contentType = "application/x-www-form-urlencoded"

    /// `name=value&…` in the given order, both sides percent-encoded.
    package static func encode(_ pairs: [(String, String)]) -> Data {
        Data(query(pairs).utf8)
    }

    /// The same as text, for the query of an address.
    package static func query(_ pairs: [(String, String)]) -> String {
        pairs.map { percentEncode($0.0) + "=" + percentEncode($0.1) }.joined(separator: "&")
    }

    /// Encodes every byte but the unreserved ones (RFC 3986, 2.3), so that the result is safe in any part of an address.
    package static func percentEncode(_ text: String) -> String {
        var encoded = ""
        encoded.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                encoded += "%"
                if byte < 16 { encoded += "0" }
                encoded += String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }
}
