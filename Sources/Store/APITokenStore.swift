import Crypto
import Foundation
import GRDB

/// A token with which a program may use the HTTP API, without the token itself.
package struct APIToken: Sendable, Equatable {
    package var name: String
    /// Milliseconds since 1970.
    package var createdAt: Int64
    /// After this it is void; nil: never.
    package var expiresAt: Int64?
}

/// The tokens of the HTTP API. They are long and random, so their SHA-256 is what is kept.
package struct APITokenStore: Sendable {
    private let database: RoostDatabase

    package init(_ database: RoostDatabase) {
        self.database = database
    }

    /// Makes a token and returns it: the only time that anybody sees it. Nil when the name is taken.
    ///
    /// - Parameter expiresAt: milliseconds since 1970; nil: it lasts until it is revoked.
    package func create(name: String, now: Int64, expiresAt: Int64?) async throws -> String? {
        let secret = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        let token = "roost_" + secret.map { String(format: "%02x", $0) }.joined()
        return try await database.writer.write { db in
            try db.execute(
                sql: "INSERT OR IGNORE INTO api_token (hash, name, created_at, expires_at) VALUES (?, ?, ?, ?)",
                arguments: [Self.hash(token), name, now, expiresAt])
            return db.changesCount == 1 ? token : nil
        }
    }

    /// The one that `token` is, if it counts.
    package func find(_ token: String, now: Int64) async throws -> APIToken? {
        let hash = Self.hash(token)
        return try await database.writer.read { db in
            try Row.fetchOne(
                db, sql: "SELECT * FROM api_token WHERE hash = ? AND (expires_at IS NULL OR expires_at > ?)", arguments: [hash, now]
            ).map(APIToken.init)
        }
    }

    /// All of them, by name.
    package func list() async throws -> [APIToken] {
        try await database.writer.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM api_token ORDER BY name").map(APIToken.init)
        }
    }

    /// Makes a token void; returns whether there was one of this name.
    package func revoke(name: String) async throws -> Bool {
        try await database.writer.write { db in
            try db.execute(sql: "DELETE FROM api_token WHERE name = ?", arguments: [name])
            return db.changesCount == 1
        }
    }

    private static func hash(_ token: String) -> Data { Data(SHA256.hash(data: Data(token.utf8))) }
}

extension APIToken {
    fileprivate init(_ row: Row) {
        self.init(name: row["name"], createdAt: row["created_at"], expiresAt: row["expires_at"])
    }
}
