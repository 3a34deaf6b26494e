/// The target of a request: a path and the items of its query.
struct RequestTarget: Sendable, Equatable {
    /// As sent, not decoded: every path of this server is plain ASCII.
    let path: String
    private let query: String
    /// All of it, as sent.
    let text: String

    /// Nil unless `text` is a path, with or without a query: whole addresses are for proxies.
    init?(_ text: String) {
        guard text.hasPrefix("/"), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.text = text
        path = String(parts[0])
        query = parts.count > 1 ? String(parts[1]) : ""
    }

    /// The decoded part of the path at `index`, counted from the first behind the leading slash.
    func pathPart(_ index: Int) -> String? {
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        // In a path, unlike in a query, a plus is a plus.
        return index < parts.count ? Self.decode(parts[index].replacing("+", with: "%2B")[...]) : nil
    }

    /// The decoded value of the first item `name`; nil when there is none, or when it is no text.
    func item(_ name: String) -> String? {
        for item in query.split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard Self.decode(parts[0]) == name else { continue }
            return parts.count > 1 ? Self.decode(parts[1]) : ""
        }
        return nil
    }

    /// Whether the item `name` says yes.
    func flag(_ name: String) -> Bool {
        guard let value = item(name)?.lowercased() else { return false }
        return ["1", "true", "yes"].contains(value)
    }

    private static func decode(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"):
                bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                let digits = rest.prefix(2)
                guard digits.count == 2, digits.allSatisfy(isHexDigit), let value = UInt8(Substring(digits), radix: 16) else { return nil }
                rest = rest.dropFirst(2)
                bytes.append(value)
            default:
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
        default: false
        }
    }
}
