import Crypto
import Foundation
import GRDB

/// A token with which a program may use the HTTP API, without the token itself.
package struct APIToken: Sendable, Equatable {
    package var name: String
    package var scopes: Set<APIScope>
    /// The channels that the scopes about channels are narrowed to, by folded name; nil: all.
    package var channels: Set<String>?
    /// Milliseconds since 1970.
    package var createdAt: Int64
    /// After this it is void; nil: never.
    package var expiresAt: Int64?
    /// When it was last used, to ``APITokenStore/useInterval``; nil: never.
    package var lastUsedAt: Int64?

    package init(
        name: String, scopes: Set<APIScope>, channels: Set<String>? = nil, createdAt: Int64, expiresAt: Int64? = nil,
        lastUsedAt: Int64? = nil
    ) {
        (self.name, self.scopes, self.channels) = (name, scopes, channels)
        (self.createdAt, self.expiresAt, self.lastUsedAt) = (createdAt, expiresAt, lastUsedAt)
    }
}

/// The tokens of the HTTP API. They are long and random, so their SHA-256 is what is kept.
package struct APITokenStore: Sendable {
    /// How exactly the last use of a token is noted, in milliseconds: not every request is a write.
    package static let useInterval: Int64 = 300_000

    private let database: RoostDatabase

    package init(_ database: RoostDatabase) {
        self.database = database
    }

    /// Makes a token and returns it: the only time that anybody sees it. Nil when the name is taken.
    package func create(_ wanted: APIToken) async throws -> String? {
        let secret = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        let token = "roost_" + secret.map { String(format: "%02x", $0) }.joined()
        return try await database.writer.write { db in
            try db.execute(
                sql: """
                    INSERT OR IGNORE INTO api_token (hash, name, created_at, expires_at, scopes, channels) VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    Self.hash(token), wanted.name, wanted.createdAt, wanted.expiresAt,
                    wanted.scopes.map(\.rawValue).sorted().joined(separator: " "), wanted.channels?.sorted().joined(separator: " "),
                ])
            return db.changesCount == 1 ? token : nil
        }
    }

    /// The one that `token` is, if it counts; notes the use.
    ///
    /// - Parameter now: milliseconds since 1970.
    package func find(_ token: String, now: Int64) async throws -> APIToken? {
        let hash = Self.hash(token)
        let found = try await database.writer.read { db in
            try Row.fetchOne(
                db, sql: "SELECT * FROM api_token WHERE hash = ? AND (expires_at IS NULL OR expires_at > ?)", arguments: [hash, now]
            ).map(APIToken.init)
        }
        guard let found, found.lastUsedAt.map({ abs(now - $0) >= Self.useInterval }) ?? true else { return found }
        // A disk that takes nothing keeps nobody out.
        try? await database.writer.write { db in
            try db.execute(sql: "UPDATE api_token SET last_used_at = ? WHERE hash = ?", arguments: [now, hash])
        }
        return found
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
        let scopes = (row["scopes"] as String).split(separator: " ").compactMap { APIScope(rawValue: String($0)) }
        // Neither scopes nor names of channels have a space in them.
        let channels = (row["channels"] as String?).map { Set($0.split(separator: " ").map(String.init)) }
        self.init(
            name: row["name"], scopes: Set(scopes), channels: channels, createdAt: row["created_at"], expiresAt: row["expires_at"],
            lastUsedAt: row["last_used_at"])
    }
}
