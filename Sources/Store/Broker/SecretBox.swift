package import Crypto
package import Foundation

/// Seals secrets for the database: AES-256-GCM, bound to the place where they are stored, so that a sealed value
/// moved to another row or column does not open.
///
/// Layout: version (1 byte, 1), key identifier (8 bytes), nonce (12), ciphertext, tag (16).
package struct SecretBox: Sendable {
    private static let version: UInt8 = 1
    private static let prefixLength = 9

    private let key: SymmetricKey

    /// Tells which key sealed a value: the first 8 bytes of a hash of the key.
    package let keyIdentifier: Data

    /// - Parameter key: 32 bytes.
    package init(key: SymmetricKey) {
        self.key = key
        keyIdentifier = Data(HMAC<SHA256>.authenticationCode(for: Data("roost key identifier".utf8), using: key).prefix(8))
    }

    /// Seals `secret` for the place `place`, e.g. `pds_session/<id>/refresh_token`.
    package func seal(_ secret: Data, for place: String) throws(SecretBoxError) -> Data {
        let prefix = Data([Self.version]) + keyIdentifier
        do {
            let sealed = try AES.GCM.seal(secret, using: key, authenticating: prefix + Data(place.utf8))
            guard let combined = sealed.combined else { throw SecretBoxError.damaged }
            return prefix + combined
        } catch {
            throw .damaged
        }
    }

    /// Opens what ``seal(_:for:)`` made for the same place with the same key.
    package func open(_ box: Data, for place: String) throws(SecretBoxError) -> Data {
        let prefix = Data(box.prefix(Self.prefixLength))
        guard prefix.count == Self.prefixLength, prefix.first == Self.version else { throw .damaged }
        guard prefix.dropFirst() == keyIdentifier else { throw .otherKey }
        do {
            let sealed = try AES.GCM.SealedBox(combined: box.dropFirst(Self.prefixLength))
            return try AES.GCM.open(sealed, using: key, authenticating: prefix + Data(place.utf8))
        } catch {
            throw .damaged
        }
    }
}

/// Why a sealed value does not open.
package enum SecretBoxError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Sealed with another key.
    case otherKey
    /// Changed, cut, or moved from another place.
    case damaged

    package var description: String {
        switch self {
        case .otherKey: "A stored secret was sealed with another key. Put the key file back that belongs to this database."
        case .damaged: "A stored secret is damaged or was moved from another row. Restore the database from a backup."
        }
    }
}
