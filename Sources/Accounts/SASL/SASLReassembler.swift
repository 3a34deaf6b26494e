/// Puts a response together from `AUTHENTICATE` lines.
///
/// Three habits are met: IRCv3 (pieces of 400 bytes, a shorter one or `+` ends), one line of any length, and clients whose
/// 400-byte pieces end with a shorter one and a stray `+` behind it. A first piece of exactly 400 bytes that is whole by
/// itself is taken as such: `isWhole` decides.
package struct SASLReassembler: Sendable {
    /// The longest response, in characters.
    package static let limit = 32 << 10
    /// The length at which more may follow.
    package static let pieceLength = 400

    package enum Result: Sendable, Equatable {
        case needsMore
        case complete(String)
        case tooLong
    }

    private var text = ""

    package init() {}

    /// Whether nothing has come yet.
    var isEmpty: Bool { text.isEmpty }

    /// - Parameter isWhole: whether what has come makes sense by itself; asked when a piece has exactly 400 bytes.
    package mutating func add(_ piece: String, isWhole: (String) -> Bool) -> Result {
        if piece == "+" { return finish() }
        guard text.utf8.count + piece.utf8.count <= Self.limit else {
            text = ""
            return .tooLong
        }
        text += piece
        if piece.utf8.count != Self.pieceLength || isWhole(text) { return finish() }
        return .needsMore
    }

    private mutating func finish() -> Result {
        defer { text = "" }
        return .complete(text)
    }
}
