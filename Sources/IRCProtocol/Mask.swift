/// A pattern over `nick!user@host` with `*` and `?`, matched without regard to ASCII case.
package struct Mask: Hashable, Sendable, CustomStringConvertible {
    /// The pattern in its full form.
    package let text: String
    private let folded: [UInt8]

    /// Takes the pattern as it is: for globs over something else than a user.
    package init(glob: some StringProtocol) {
        text = String(glob)
        folded = Array(CaseMapping.fold(glob).utf8)
    }

    /// Completes what a person typed: `nick`, `user@host` and `nick!user` get the missing parts as `*`.
    package init(user typed: some StringProtocol) {
        let bang = typed.firstIndex(of: "!")
        let at = typed.lastIndex(of: "@")
        switch (bang, at) {
        case (.some, .some): self.init(glob: typed)
        case (.some, nil): self.init(glob: typed + "@*")
        case (nil, .some(let at)): self.init(glob: "*!\(at == typed.startIndex ? "*" : "")\(typed)")
        case (nil, nil): self.init(glob: "\(typed)!*@*")
        }
    }

    /// The folded text, when no character of it stands for others.
    package var literal: String? {
        folded.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") } ? nil : String(decoding: folded, as: UTF8.self)
    }

    /// How many letters and digits stand for themselves: the fewer, the more it fits.
    package var exactness: Int {
        folded.count {
            $0 >= 0x80 || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
        }
    }

    /// Whether the whole of `subject` fits. Linear in the product of the lengths at worst; no recursion.
    package func matches(_ subject: some StringProtocol) -> Bool {
        matches(folded: Array(CaseMapping.fold(subject).utf8))
    }

    /// As above, for bytes that are folded already: for those who ask many masks about one text.
    package func matches(folded subject: [UInt8]) -> Bool {
        var (pattern, position, star, mark) = (0, 0, -1, 0)
        while position < subject.count {
            if pattern < folded.count, folded[pattern] == UInt8(ascii: "*") {
                (star, mark) = (pattern, position)
                pattern += 1
            } else if pattern < folded.count, folded[pattern] == UInt8(ascii: "?") || folded[pattern] == subject[position] {
                pattern += 1
                position += folded[pattern - 1] == UInt8(ascii: "?") ? Self.scalarLength(subject, at: position) : 1
            } else if star >= 0 {
                pattern = star + 1
                mark += 1
                position = mark
            } else {
                return false
            }
        }
        return folded[pattern...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    package static func == (left: Mask, right: Mask) -> Bool { left.folded == right.folded }

    package func hash(into hasher: inout Hasher) { hasher.combine(folded) }

    package var description: String { text }

    /// `?` stands for one character, not for one byte of it.
    private static func scalarLength(_ bytes: [UInt8], at position: Int) -> Int {
        var end = position + 1
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        return end - position
    }
}
