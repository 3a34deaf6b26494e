/// The one-time code with which the first operator claims a new server.
package struct ClaimCode: Sendable, Equatable, CustomStringConvertible {
    /// No 0, O, 1, I, L and U: people copy the code by hand.
    private static let alphabet = Array("23456789ABCDEFGHJKMNPQRSTVWXYZ")

    /// As it is shown and typed: four groups of five, 98 bits.
    package let description: String

    package init(using generator: inout some RandomNumberGenerator) {
        let groups = (0..<4).map { _ in
            String((0..<5).map { _ in Self.alphabet[Int.random(in: 0..<Self.alphabet.count, using: &generator)] })
        }
        description = groups.joined(separator: "-")
    }
}
