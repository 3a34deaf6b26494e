package import NIOCore

/// One line from a client, taken apart on its bytes (RFC 1459 section 2.3.1, IRCv3 message-tags).
///
/// The parts are ranges into the line; nothing is copied until somebody asks for a `String`.
package struct Message: Sendable {
    /// The parameters a line may have; what follows the fifteenth belongs to it.
    package static let maximumParameters = 15

    private let line: ByteBuffer
    private let tagRange: Range<Int>?
    private let parameterRanges: [Range<Int>]

    /// The command, in upper case.
    package let verb: Verb

    /// Takes `line` (without CR LF) apart; nil when it holds no command.
    package init?(_ line: ByteBuffer) {
        var parser = MessageParser(line.readableBytesView)
        guard let parts = parser.parse() else { return nil }
        self.line = line
        (tagRange, verb, parameterRanges) = (parts.tags, parts.verb, parts.parameters)
    }

    /// How many parameters the line has.
    package var count: Int { parameterRanges.count }

    /// The parameter at `index` as text; invalid UTF-8 is replaced. Nil when there are fewer.
    package subscript(index: Int) -> String? {
        guard index < parameterRanges.count else { return nil }
        return string(parameterRanges[index])
    }

    /// The parameter at `index` as bytes, sharing the line's storage. Nil when there are fewer.
    package func bytes(_ index: Int) -> ByteBuffer? {
        guard index < parameterRanges.count else { return nil }
        let range = parameterRanges[index]
        return line.getSlice(at: range.lowerBound, length: range.count)
    }

    /// The length of the parameter at `index` in bytes; 0 when it is absent.
    package func length(_ index: Int) -> Int {
        index < parameterRanges.count ? parameterRanges[index].count : 0
    }

    /// All parameters as text.
    package var parameters: [String] { parameterRanges.map(string) }

    /// The tag section without `@`, raw; nil when the line has none.
    package var tags: TagSection? {
        tagRange.map { TagSection(raw: string($0)) }
    }

    /// Bytes of the tag section, with `@` and the space behind it.
    package var tagSectionLength: Int { tagRange.map { $0.count + 2 } ?? 0 }

    /// Bytes of the line without its tag section.
    package var contentLength: Int { line.readableBytes - tagSectionLength }

    /// Whether the whole line is UTF-8 (`UTF8ONLY`).
    package var isValidUTF8: Bool {
        line.withUnsafeReadableBytes { bytes in
            bytes.allSatisfy { $0 < 0x80 } || String(validating: bytes, as: UTF8.self) != nil
        }
    }

    /// Whether the line has a CR or NUL, which no line may have and some clients take for its end.
    package var hasForbiddenBytes: Bool {
        line.readableBytesView.contains { $0 == 0 || $0 == UInt8(ascii: "\r") }
    }

    private func string(_ range: Range<Int>) -> String {
        String(decoding: line.viewBytes(at: range.lowerBound, length: range.count) ?? ByteBufferView(ByteBuffer()), as: UTF8.self)
    }
}
