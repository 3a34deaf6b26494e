/// The name of a piece of metadata (draft/metadata-2, "Keys and Values").
package enum MetadataKey {
    /// The longest name in bytes: a line of 761 holds it beside the longest names and value.
    package static let maximumLength = 48

    /// Whether `text` is a name: `a-z`, `0-9`, `_`, `.`, `/` and `-`.
    package static func isValid(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.count <= maximumLength
            && text.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || "_./-".utf8.contains($0)
            }
    }
}
