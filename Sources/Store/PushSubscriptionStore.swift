package import Foundation
import GRDB

/// Where a browser or a phone takes notifications for somebody (Web Push).
package struct PushSubscription: Sendable, Hashable {
    /// The account that it belongs to, as the account is spelled.
    package var account: String
    /// An https address.
    package var endpoint: String
    /// The public key of the device: 65 bytes, an uncompressed point of P-256 (RFC 8291 section 3.1).
    package var publicKey: Data
    /// A secret that the device made: 16 bytes.
    package var secret: Data
    /// When the device last said that it wants them, milliseconds since 1970.
    package var refreshedAt: Int64

    package init(account: String, endpoint: String, publicKey: Data, secret: Data, refreshedAt: Int64) {
        (self.account, self.endpoint, self.publicKey) = (account, endpoint, publicKey)
        (self.secret, self.refreshedAt) = (secret, refreshedAt)
    }
}

/// The subscriptions in SQLite; their secrets are sealed.
package struct PushSubscriptionStore: Sendable {
    private let database: RoostDatabase
    private let box: SecretBox

    package init(_ database: RoostDatabase, box: SecretBox) {
        (self.database, self.box) = (database, box)
    }

    /// All of them, oldest first. One that cannot be opened is left out: its device will subscribe again.
    package func all() async throws -> [PushSubscription] {
        try await database.writer.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM push_subscription ORDER BY refreshed_at").compactMap { row in
                let (account, endpoint): (String, String) = (row["account"], row["endpoint"])
                guard let secret = try? box.open(row["secret"], .pushSecret, of: account, endpoint) else { return nil }
                return PushSubscription(
                    account: account, endpoint: endpoint, publicKey: row["public_key"], secret: secret, refreshedAt: row["refreshed_at"])
            }
        }
    }

    /// Stores one, in the place of an older one of the same account and endpoint.
    package func save(_ subscription: PushSubscription) async throws {
        try await database.writer.write { db in
            let sealed = try box.seal(subscription.secret, .pushSecret, of: subscription.account, subscription.endpoint, in: db)
            try db.execute(
                sql: """
                    INSERT OR REPLACE INTO push_subscription (account, endpoint, public_key, secret, refreshed_at) VALUES (?, ?, ?, ?, ?)
                    """,
                arguments: [subscription.account, subscription.endpoint, subscription.publicKey, sealed, subscription.refreshedAt])
        }
    }

    package func delete(account: String, endpoint: String) async throws {
        try await database.writer.write { db in
            try db.execute(
                sql: "DELETE FROM push_subscription WHERE account = ? AND endpoint = ?", arguments: [account, endpoint])
        }
    }
}
