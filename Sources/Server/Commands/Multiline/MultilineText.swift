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

    /// The lines of `whole`, however long they are.
    static func parts(of whole: ByteBuffer) -> [MultilinePart] {
        whole.readableBytesView.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { MultilinePart(text: ByteBuffer(bytes: $0), isConcat: false) }
    }
}

extension MultilinePart {
    /// Lines of at most `room` bytes that make it again, cut behind a space where there is one, never inside a character.
    ///
    /// - Parameter room: less than 4 counts as 4, the longest character.
    func pieces(room: Int) -> [MultilinePart] {
        guard text.readableBytes > room else { return [self] }
        let room = max(room, 4)
        var pieces: [MultilinePart] = []
        var (rest, isConcat) = (text.readableBytesView, isConcat)
        while rest.count > room {
            let end = Self.cut(rest, room: room)
            pieces.append(MultilinePart(text: ByteBuffer(bytes: rest[..<end]), isConcat: isConcat))
            (rest, isConcat) = (rest[end...], true)
        }
        return pieces + [MultilinePart(text: ByteBuffer(bytes: rest), isConcat: isConcat)]
    }

    private static func cut(_ bytes: ByteBufferView, room: Int) -> Int {
        let limit = bytes.startIndex + room
        if let space = bytes[..<limit].lastIndex(of: UInt8(ascii: " ")) { return space + 1 }
        var end = limit
        while end > bytes.startIndex + 1, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return end
    }
}
