import NIOCore

/// One line of a message of several lines (draft/multiline).
struct MultilinePart: Equatable {
    var text: ByteBuffer
    /// Goes on where the line before ends, without a line end between them (`draft/multiline-concat`).
    var isConcat: Bool

    var isBlank: Bool { text.readableBytes == 0 }
}

/// The whole text of a message of several lines, and its way back into lines.
enum MultilineText {
    /// The combined message value (draft/multiline, "Batch types").
    static func joined(_ parts: [MultilinePart]) -> ByteBuffer {
        var whole = ByteBuffer()
        for (position, part) in parts.enumerated() {
            if position > 0, !part.isConcat { whole.writeString("\n") }
            whole.writeImmutableBuffer(part.text)
        }
        return whole
    }

    /// Lines of at most `room` bytes that make `whole` again, cut behind a space where there is one, never inside a character.
    ///
    /// - Parameter room: less than 4 counts as 4, the longest character.
    static func parts(of whole: ByteBuffer, room: Int) -> [MultilinePart] {
        let room = max(room, 4)
        var parts: [MultilinePart] = []
        for line in whole.readableBytesView.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            var rest = line
            var isConcat = false
            while rest.count > room {
                let end = cut(rest, room: room)
                parts.append(MultilinePart(text: ByteBuffer(bytes: rest[..<end]), isConcat: isConcat))
                rest = rest[end...]
                isConcat = true
            }
            parts.append(MultilinePart(text: ByteBuffer(bytes: rest), isConcat: isConcat))
        }
        return parts
    }

    private static func cut(_ bytes: ByteBufferView, room: Int) -> Int {
        let limit = bytes.startIndex + room
        if let space = bytes[..<limit].lastIndex(of: UInt8(ascii: " ")) { return space + 1 }
        var end = limit
        while end > bytes.startIndex + 1, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return end
    }
}
