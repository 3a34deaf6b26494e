import IRCProtocol
import NIOCore

/// What a filter looks for: a pattern with `*` and `?` over the whole text, or else a word or phrase anywhere in it. There are no regular
/// expressions, so that no text can make the server think for long.
struct FilterPattern: Hashable, Sendable {
    /// Bytes.
    static let limit = 200

    let text: String
    private let glob: Mask?
    private let words: [UInt8]

    init(_ text: String) {
        self.text = text
        let folded = text.lowercased()
        glob = folded.contains { $0 == "*" || $0 == "?" } ? Mask(glob: folded) : nil
        words = Array(folded.utf8)
    }

    /// Whether it stands for so little that it catches almost anything.
    var isBroad: Bool { Mask(glob: text).exactness < 3 }

    func matches(_ subject: FilteredText) -> Bool {
        glob?.matches(folded: subject.bytes) ?? subject.contains(words)
    }
}

/// What is said, as filters see it: without formatting, in small letters.
struct FilteredText {
    let bytes: [UInt8]

    init(_ text: ByteBuffer) {
        bytes = Array(String(buffer: Formatting.stripped(text)).lowercased().utf8)
    }

    init(_ text: String) { self.init(ByteBuffer(string: text)) }

    /// Whether `words` stands in it and is not a part of longer words.
    func contains(_ words: [UInt8]) -> Bool {
        guard let first = words.first, words.count <= bytes.count else { return false }
        for start in 0...(bytes.count - words.count) where bytes[start] == first {
            let end = start + words.count
            guard bytes[start..<end].elementsEqual(words) else { continue }
            let opens = start == 0 || !(Self.isLetter(bytes[start - 1]) && Self.isLetter(first))
            let ends = end == bytes.count || !(Self.isLetter(bytes[end]) && Self.isLetter(words[words.count - 1]))
            if opens && ends { return true }
        }
        return false
    }

    /// A letter or digit; all that is not ASCII counts as one.
    private static func isLetter(_ byte: UInt8) -> Bool {
        byte >= 0x80 || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
