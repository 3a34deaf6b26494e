/// Moves over the text of a TOML document and knows the line and column it is at.
struct TOMLCursor {
    private let scalars: [Unicode.Scalar]
    private var offset = 0
    private(set) var position = Position(line: 1, column: 1)

    init(_ text: String) {
        scalars = Array(text.unicodeScalars.drop { $0 == "\u{FEFF}" })
    }

    var isAtEnd: Bool { offset == scalars.count }

    /// The next scalar, or the one `distance` after it.
    func peek(_ distance: Int = 0) -> Unicode.Scalar? {
        offset + distance < scalars.count ? scalars[offset + distance] : nil
    }

    mutating func advance(_ count: Int = 1) {
        for _ in 0..<count where offset < scalars.count {
            if scalars[offset] == "\n" {
                position = Position(line: position.line + 1, column: 1)
            } else {
                position.column += 1
            }
            offset += 1
        }
    }

    mutating func skipSpaces() {
        while let next = peek(), next == " " || next == "\t" { advance() }
    }

    /// Skips spaces, line ends and comments.
    mutating func skipBlank() {
        while let next = peek() {
            switch next {
            case " ", "\t", "\r", "\n": advance()
            case "#": skipLine()
            default: return
            }
        }
    }

    /// Goes to the end of the line, not past it.
    mutating func skipLine() {
        while let next = peek(), next != "\n" { advance() }
    }

    /// Reads `a."b c".d`, with the place of each part.
    mutating func readKey() -> [(name: String, position: Position)] {
        var parts: [(name: String, position: Position)] = []
        while true {
            skipSpaces()
            let start = position
            guard let part = readKeyPart() else { return parts }
            parts.append((part, start))
            skipSpaces()
            guard peek() == "." else { return parts }
            advance()
        }
    }

    private mutating func readKeyPart() -> String? {
        if peek() == "\"" || peek() == "'" { return readString() }
        var name = ""
        while let next = peek(), Self.isBare(next) {
            name.unicodeScalars.append(next)
            advance()
        }
        return name.isEmpty ? nil : name
    }

    private static func isBare(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
        default: false
        }
    }

    /// Reads a string of any of the four kinds. Escapes other than of quotes and backslashes are kept as they stand: only keys are
    /// looked at, and a key written with such escapes is not one of ours.
    @discardableResult
    mutating func readString() -> String {
        guard let quote = peek() else { return "" }
        let isLong = peek(1) == quote && peek(2) == quote
        let length = isLong ? 3 : 1
        advance(length)
        var text = ""
        while let next = peek() {
            if quote == "\"", next == "\\" {
                if let escaped = peek(1) { text.unicodeScalars.append(escaped) }
                advance(2)
            } else if next == quote, !isLong || (peek(1) == quote && peek(2) == quote) {
                advance(length)
                // A long string may end in up to two quotes of its own.
                while isLong, peek() == quote { advance() }
                return text
            } else {
                text.unicodeScalars.append(next)
                advance()
            }
        }
        return text
    }
}
