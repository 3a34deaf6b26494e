/// A random password for one device: seven groups of four letters and digits, of which the first two say which one it is
/// and the other five, 100 bits, are the secret. So a login without the name of a device costs one hash as well.
package struct DevicePassword: Sendable, Hashable {
    /// 32 characters that are not taken for one another.
    private static let alphabet = Array("abcdefghjkmnpqrstuvwxyz123456789".utf8)
    private static let (groups, groupLength, idLength) = (7, 4, 8)

    /// Which one it is; no secret.
    package let id: String
    /// The whole of it in groups, as people see it and as it is hashed.
    package let text: String

    /// A new one.
    package init() {
        var generator = SystemRandomNumberGenerator()
        self.init(characters: (0..<Self.groups * Self.groupLength).map { _ in Self.alphabet[Int.random(in: 0..<32, using: &generator)] })
    }

    /// Takes it with or without hyphens and spaces, in any case. Nil when it cannot be one.
    package init?(_ text: String) {
        guard text.utf8.count <= 64 else { return nil }
        let characters = text.lowercased().utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: " ") }
        guard characters.count == Self.groups * Self.groupLength, characters.allSatisfy(Self.alphabet.contains) else { return nil }
        self.init(characters: characters)
    }

    private init(characters: [UInt8]) {
        id = String(decoding: characters.prefix(Self.idLength), as: UTF8.self)
        let starts = stride(from: 0, to: characters.count, by: Self.groupLength)
        text = starts.map { String(decoding: characters[$0..<$0 + Self.groupLength], as: UTF8.self) }.joined(separator: "-")
    }
}
