package import Crypto
import Foundation
import Synchronization

/// Seals secrets for the database: AES-256-GCM, bound to the place where they are stored, so that a sealed value
/// moved to another row or column does not open. Everybody who seals has the same box, since its key may change.
///
/// Layout: version (1 byte, 1), key identifier (8 bytes), nonce (12), ciphertext, tag (16).
package final class SecretBox: Sendable {
    private static let version: UInt8 = 1
    static let prefixLength = 9

    private let inForce: Mutex<SecretKeys>

    package init(_ keys: SecretKeys) {
        inForce = Mutex(keys)
    }

    /// - Parameter key: 32 bytes.
    package convenience init(key: SymmetricKey) {
        self.init(SecretKeys(SecretKey(key)))
    }

    /// The keys in force.
    package var keys: SecretKeys { inForce.withLock { $0 } }

    /// From now on these keys are in force.
    package func take(_ keys: SecretKeys) {
        inForce.withLock { $0 = keys }
    }

    /// Seals `secret` with the current key for the place `place`, e.g. `pds_session/<id>/refresh_token`.
    func seal(_ secret: Data, for place: String) throws(SecretBoxError) -> Data {
        let key = keys.current
        let prefix = Self.prefix(of: key)
        do {
            let sealed = try AES.GCM.seal(secret, using: key.key, authenticating: prefix + Data(place.utf8))
            guard let combined = sealed.combined else { throw SecretBoxError.damaged }
            return prefix + combined
        } catch {
            throw .damaged
        }
    }

    /// Opens what ``seal(_:for:)`` made for the same place, with any key in force.
    func open(_ box: Data, for place: String) throws(SecretBoxError) -> Data {
        guard let identifier = Self.keyIdentifier(of: box) else { throw .damaged }
        guard let key = keys.key(identifier) else { throw .otherKey }
        do {
            let sealed = try AES.GCM.SealedBox(combined: box.dropFirst(Self.prefixLength))
            return try AES.GCM.open(sealed, using: key.key, authenticating: Self.prefix(of: key) + Data(place.utf8))
        } catch {
            throw .damaged
        }
    }

    /// What every value begins with that `key` sealed.
    static func prefix(of key: SecretKey) -> Data {
        Data([version]) + key.identifier
    }

    /// Which key sealed a value; nil when it is none.
    static func keyIdentifier(of box: Data) -> Data? {
        guard box.count > prefixLength, box.first == version else { return nil }
        return Data(box.prefix(prefixLength).dropFirst())
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
