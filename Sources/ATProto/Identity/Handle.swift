/// A handle: a host name that points to a DID, in lower case (AT Protocol "Handle"). For display; never the key to anything.
package struct Handle: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    /// Takes one leading `@` away. Nil when the syntax is wrong; a handle of a reserved domain is well formed but does not
    /// resolve.
    package init?(_ text: String) {
        let name = (text.hasPrefix("@") ? text.dropFirst() : text[...]).lowercased()
        guard Self.isHostName(name[...]) else { return nil }
        self.text = name
    }

    package var description: String { text }

    /// What a profile shows whose handle does not check out. It never names anybody.
    package static let invalid = "handle.invalid"

    /// Whether it can resolve at all: not below a domain that is reserved. `.test` only where the policy allows it.
    package func isResolvable(allowingTest: Bool) -> Bool {
        guard let last = text.split(separator: ".").last else { return false }
        if last == "test" { return allowingTest }
        return !Self.reserved.contains(String(last))
    }

    /// At least two labels of letters, digits and inner hyphens, the last one starting with a letter.
    static func isHostName(_ name: Substring) -> Bool {
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard name.utf8.count <= 253, labels.count >= 2, labels.last?.utf8.first.map(isLetter) == true else { return false }
        return labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.utf8.first != UInt8(ascii: "-") && label.utf8.last != UInt8(ascii: "-")
                && label.utf8.allSatisfy { isLetter($0) || $0 == UInt8(ascii: "-") || ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")) }
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
    }

    private static let reserved: Set<String> = ["alt", "arpa", "example", "internal", "invalid", "local", "localhost", "onion"]
}
