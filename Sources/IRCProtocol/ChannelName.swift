/// The name of a channel that is well formed: what 403 and 476 do not refuse.
package struct ChannelName: Hashable, Sendable, CustomStringConvertible {
    /// As its creator spelled it.
    package let text: String
    /// As it is compared.
    package let folded: String

    /// Nil when `text` does not start with `#`, is longer than `limit` bytes, or has a space, comma, colon, BEL or control.
    package init?(_ text: some StringProtocol, limit: Int) {
        guard text.utf8.first == UInt8(ascii: "#"), text.utf8.count > 1, text.utf8.count <= limit else { return nil }
        let forbidden = Set(" ,:".utf8)
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && !forbidden.contains($0) }) else { return nil }
        guard !text.unicodeScalars.contains("\u{FFFD}") else { return nil }
        self.text = String(text)
        folded = CaseMapping.fold(text)
    }

    package static func == (left: ChannelName, right: ChannelName) -> Bool { left.folded == right.folded }

    package func hash(into hasher: inout Hasher) { hasher.combine(folded) }

    package var description: String { text }

    /// Whether `target` asks for a channel rather than a person (`CHANTYPES=#`).
    package static func looksLikeChannel(_ target: some StringProtocol) -> Bool {
        target.utf8.first == UInt8(ascii: "#")
    }
}
