/// The name of a local account: ASCII letters, digits and `-_[]\`^{}|`, not starting with a digit or a hyphen. It can never
/// look like a DID, a channel or a mask.
package struct AccountName: Sendable, Hashable {
    package static let maximumLength = 32

    package let text: String

    package init?(_ text: String) {
        let punctuation = Set("-_[]\\`^{}|".utf8)
        let isLetter = { (byte: UInt8) in (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z") }
        let isDigit = { (byte: UInt8) in byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
        guard let first = text.utf8.first, text.utf8.count <= Self.maximumLength, !isDigit(first), first != UInt8(ascii: "-"),
            text.utf8.allSatisfy({ isLetter($0) || isDigit($0) || punctuation.contains($0) })
        else { return nil }
        self.text = text
    }
}
