import NIOCore

/// What stands between two marks in a message: a request or an answer of a client, or something that its sender does.
enum CTCP {
    static let mark: UInt8 = 0x01
    /// What an ACTION has beside its text, in bytes.
    static let actionLength = prefix.utf8.count + 1

    private static let prefix = "\u{1}ACTION "

    /// The text of an ACTION; nil when `text` is none.
    static func action(in text: ByteBuffer) -> MultilinePart? {
        guard text.readableBytesView.starts(with: prefix.utf8) else { return nil }
        var inner = text.readableBytesView.dropFirst(prefix.utf8.count)
        if inner.last == mark { inner = inner.dropLast() }
        return MultilinePart(text: ByteBuffer(bytes: inner), isConcat: false)
    }

    /// `text` as an ACTION.
    static func action(_ text: ByteBuffer) -> ByteBuffer {
        var action = ByteBuffer(string: prefix)
        action.writeImmutableBuffer(text)
        action.writeInteger(mark)
        return action
    }
}
