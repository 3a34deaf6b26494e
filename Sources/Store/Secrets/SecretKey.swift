package import Crypto
package import Foundation

/// A master key: 32 bytes with which secrets are sealed.
package struct SecretKey: Sendable, Equatable {
    /// Bytes of a key.
    package static let length = 32

    package let key: SymmetricKey
    /// Tells which key sealed a value: the first 8 bytes of a hash of the key. No secret.
    package let identifier: Data

    /// - Parameter key: 32 bytes.
    package init(_ key: SymmetricKey) {
        self.key = key
        identifier = Data(HMAC<SHA256>.authenticationCode(for: Data("roost key identifier".utf8), using: key).prefix(8))
    }

    /// A new one.
    package init() {
        self.init(SymmetricKey(size: .bits256))
    }

    /// What people call it.
    package var name: String { Self.name(identifier) }

    /// The same for a key that is not at hand.
    package static func name(_ identifier: Data) -> String {
        identifier.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}

/// The master keys in force: the one that seals, and while it takes over from another one that one too, which still opens.
package struct SecretKeys: Sendable, Equatable {
    package var current: SecretKey
    package var former: SecretKey?

    package init(_ current: SecretKey, former: SecretKey? = nil) {
        (self.current, self.former) = (current, former)
    }

    /// The key of this identifier, if it is in force.
    package func key(_ identifier: Data) -> SecretKey? {
        [current, former].lazy.compactMap(\.self).first { $0.identifier == identifier }
    }
}
