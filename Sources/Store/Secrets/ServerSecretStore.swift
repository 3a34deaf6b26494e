package import Crypto
package import Foundation
import GRDB

/// Secrets of the server itself, which stay when its master key changes.
package struct ServerSecretStore: Sendable {
    package enum Name: String, Sendable {
        /// From which hosts of people are made.
        case cloak
        /// The private key by which push services know the server.
        case push
        /// From which comes what SCRAM says of accounts that cannot log in so.
        case scram
    }

    private let database: RoostDatabase
    private let box: SecretBox

    package init(_ database: RoostDatabase, box: SecretBox) {
        (self.database, self.box) = (database, box)
    }

    /// The secret called `name`.
    ///
    /// - Parameter derive: makes it when there is none yet, from the master key. Versions that did not store these secrets made
    ///   them so each time; with two keys in force it was the former one that they had.
    package func secret(_ name: Name, derive: @escaping @Sendable (SymmetricKey) -> Data) async throws -> Data {
        try await database.writer.write { db in
            let stored = try Data.fetchOne(db, sql: "SELECT value FROM server_secret WHERE name = ?", arguments: [name.rawValue])
            if let stored { return try box.open(stored, .serverSecret, of: name.rawValue) }
            let keys = box.keys
            let secret = derive((keys.former ?? keys.current).key)
            try db.execute(
                sql: "INSERT INTO server_secret (name, value) VALUES (?, ?)",
                arguments: [name.rawValue, try box.seal(secret, .serverSecret, of: name.rawValue, in: db)])
            return secret
        }
    }
}
