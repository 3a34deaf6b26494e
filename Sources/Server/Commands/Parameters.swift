/// How texts stand in lines.
extension String {
    /// Whether the text can stand in the middle of a line without changing its meaning.
    var isSafeParameter: Bool {
        !isEmpty && utf8.first != UInt8(ascii: ":") && !utf8.contains(UInt8(ascii: " "))
    }

    /// The text itself where it can stand in the middle of a line, `*` where it cannot.
    var asParameter: String { isSafeParameter ? self : "*" }

    /// The longest beginning that fits into `limit` bytes and ends with a whole character.
    package func truncated(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: limit)
        while end > startIndex, utf8[end] & 0xC0 == 0x80 { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
