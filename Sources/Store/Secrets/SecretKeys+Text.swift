import Crypto
import Foundation

/// The keys as they stand in a file: a line each, `roost-key-1` and 32 bytes in base64, the one that seals first.
extension SecretKeys {
    private static let label = "roost-key-1"

    /// What can be wrong with such a text.
    enum TextFault: Error, Equatable {
        case malformed
        /// The key in a line is so many bytes long.
        case length(Int)
    }

    /// Reads one or two keys.
    init(text: String) throws(TextFault) {
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
        guard (1...2).contains(lines.count), let first = lines.first else { throw .malformed }
        self.init(try Self.key(in: first), former: nil)
        if lines.count == 2 { former = try Self.key(in: lines[1]) }
    }

    private static func key(in line: Substring) throws(TextFault) -> SecretKey {
        let words = line.split(whereSeparator: \.isWhitespace)
        guard words.count == 2, words[0] == label, let bytes = Data(base64Encoded: String(words[1])) else { throw .malformed }
        guard bytes.count == SecretKey.length else { throw .length(bytes.count) }
        return SecretKey(SymmetricKey(data: bytes))
    }

    /// What ``init(text:)`` reads.
    var text: String {
        [current, former].compactMap(\.self).map { key in
            "\(Self.label) \(key.key.withUnsafeBytes { Data($0) }.base64EncodedString())\n"
        }.joined()
    }
}
