import NIOCore

/// A command name in upper case ASCII. Names of up to fifteen bytes live without allocation.
package struct Verb: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The name.
    package let text: String

    package init(stringLiteral text: String) {
        self.text = text
    }

    /// The name in `bytes`, upper-cased.
    init(_ bytes: ByteBufferView) {
        text = String(decoding: bytes.lazy.map { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") ? $0 - 32 : $0 }, as: UTF8.self)
    }

    package var description: String { text }
}
