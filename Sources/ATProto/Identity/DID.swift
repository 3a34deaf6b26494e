/// A decentralised identifier of a method that Roost knows (AT Protocol "DID").
package struct DID: Hashable, Sendable, CustomStringConvertible {
    package enum Method: String, Sendable {
        case plc, web
        /// A bare key: for bots.
        case key
    }

    package static let maximumLength = 2048

    package let text: String
    package let method: Method

    /// Nil when the syntax is wrong or the method unknown. Case counts.
    package init?(_ text: String) {
        guard Self.isWellFormed(text) else { return nil }
        let rest = text.dropFirst(4)
        guard let colon = rest.firstIndex(of: ":"), let method = Method(rawValue: String(rest[..<colon])) else { return nil }
        guard Self.isValid(rest[rest.index(after: colon)...], method) else { return nil }
        self.text = text
        self.method = method
    }

    /// Whether it is a DID of any method, by its syntax.
    package static func isWellFormed(_ text: String) -> Bool {
        guard text.utf8.count <= maximumLength, text.hasPrefix("did:") else { return false }
        let rest = text.utf8.dropFirst(4)
        guard let colon = rest.firstIndex(of: UInt8(ascii: ":")) else { return false }
        let (method, specific) = (rest[..<colon], rest[rest.index(after: colon)...])
        guard !method.isEmpty, method.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }), let last = specific.last,
            !":%".utf8.contains(last)
        else { return false }
        return specific.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || "._:%-".utf8.contains(byte)
        }
    }

    /// Whether `text` says that it is of one of the methods; the rest may be anything.
    package static func isOfKnownMethod(_ text: String) -> Bool {
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        return parts.count > 1 && Method(rawValue: String(parts[1])) != nil
    }

    /// What follows the method.
    package var specific: Substring { text.dropFirst(5 + method.rawValue.utf8.count) }

    package var description: String { text }

    private static func isValid(_ specific: Substring, _ method: Method) -> Bool {
        switch method {
        case .plc:
            return specific.utf8.count == 24
                && specific.utf8.allSatisfy {
                    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "2")...UInt8(ascii: "7")).contains($0)
                }
        case .web:
            // A port is for tests on one machine only; the resolver's policy decides whether it may be used.
            if specific == "localhost" || specific.hasPrefix("localhost%3A") {
                let port = specific.dropFirst(12)
                return specific == "localhost" || (!port.isEmpty && port.utf8.count <= 5 && port.allSatisfy(\.isASCIIDigit))
            }
            return Handle.isHostName(specific)
        case .key:
            return (try? PublicKey(multibase: specific)) != nil
        }
    }
}

extension Character {
    var isASCIIDigit: Bool { isASCII && isNumber }
}
