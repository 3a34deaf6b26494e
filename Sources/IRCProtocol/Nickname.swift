/// A nickname that is well formed: what 432 does not refuse.
package struct Nickname: Hashable, Sendable, CustomStringConvertible {
    /// As the person spells it.
    package let text: String
    /// As it is compared.
    package let folded: String

    /// Nil when `text` is empty, longer than `limit` bytes, or has a character that a nickname may not have.
    ///
    /// Beyond RFC 2812 section 2.3.1 any UTF-8 is taken, and digits may lead; what would make a line, a mask, a
    /// channel or a prefix ambiguous is not.
    package init?(_ text: some StringProtocol, limit: Int) {
        guard !text.isEmpty, text.utf8.count <= limit, let first = text.utf8.first, !Self.notFirst.contains(first) else { return nil }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && !Self.nowhere.contains($0) }) else { return nil }
        guard text.unicodeScalars.allSatisfy(Self.isVisible) else { return nil }
        self.text = String(text)
        folded = CaseMapping.fold(text)
    }

    package static func == (left: Nickname, right: Nickname) -> Bool { left.folded == right.folded }

    package func hash(into hasher: inout Hasher) { hasher.combine(folded) }

    package var description: String { text }

    private static let nowhere = Set(",*?!@:/".utf8)
    private static let notFirst = Set("#&~%+$-".utf8)

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return true }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator: return false
        default: return scalar != "\u{FFFD}"
        }
    }
}
