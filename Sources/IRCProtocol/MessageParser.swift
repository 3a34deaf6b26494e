import NIOCore

/// The grammar of a line, over its bytes.
struct MessageParser {
    private let bytes: ByteBufferView
    private var position: Int

    init(_ bytes: ByteBufferView) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    mutating func parse() -> (tags: Range<Int>?, verb: Verb, parameters: [Range<Int>])? {
        var tags: Range<Int>?
        if peek == UInt8(ascii: "@") {
            position += 1
            tags = word()
            skipSpaces()
        }
        skipSpaces()
        if peek == UInt8(ascii: ":") {
            // A client may name itself as the source; servers ignore it.
            _ = word()
            skipSpaces()
        }
        let verb = word()
        guard !verb.isEmpty else { return nil }
        return (tags, Verb(bytes[verb]), parameters())
    }

    private mutating func parameters() -> [Range<Int>] {
        var parameters: [Range<Int>] = []
        while true {
            skipSpaces()
            guard let next = peek else { return parameters }
            if next == UInt8(ascii: ":") {
                parameters.append(position + 1..<bytes.endIndex)
                return parameters
            }
            if parameters.count == Message.maximumParameters - 1 {
                parameters.append(position..<bytes.endIndex)
                return parameters
            }
            parameters.append(word())
        }
    }

    private var peek: UInt8? {
        position < bytes.endIndex ? bytes[position] : nil
    }

    private mutating func word() -> Range<Int> {
        let start = position
        while position < bytes.endIndex, bytes[position] != UInt8(ascii: " ") { position += 1 }
        return start..<position
    }

    private mutating func skipSpaces() {
        while position < bytes.endIndex, bytes[position] == UInt8(ascii: " ") { position += 1 }
    }
}
