import GRDB

/// A filter of what people say, as it is stored.
package struct FilterRecord: Sendable, Hashable {
    /// What it is called; never given to another one. 0 before it is stored.
    package var id: Int64 = 0
    package var pattern: String
    /// What happens to what it catches.
    package var action: String
    /// For how long the action `ban` bans, in seconds; nil: for ever.
    package var banSeconds: Int64?
    /// Where it looks, words with commas.
    package var places: String
    /// Whether people with an account are spared.
    package var sparesAccounts: Bool
    /// Folded names of channels that are spared, with commas.
    package var sparedChannels: String
    package var reason: String
    package var setBy: String
    /// Milliseconds since 1970.
    package var setAt: Int64
    /// Likewise; nil: it lasts until somebody takes it off.
    package var expiresAt: Int64?

    package init(
        pattern: String, action: String, banSeconds: Int64? = nil, places: String, sparesAccounts: Bool = false,
        sparedChannels: String = "", reason: String, setBy: String, setAt: Int64, expiresAt: Int64? = nil
    ) {
        (self.pattern, self.action, self.banSeconds, self.places) = (pattern, action, banSeconds, places)
        (self.sparesAccounts, self.sparedChannels, self.reason) = (sparesAccounts, sparedChannels, reason)
        (self.setBy, self.setAt, self.expiresAt) = (setBy, setAt, expiresAt)
    }
}

/// The filters of what people say.
package struct FilterStore: Sendable {
    private let database: RoostDatabase

    package init(_ database: RoostDatabase) {
        self.database = database
    }

    /// Adds a filter in the place of those that are over and of `replaced`, and returns it with its id; nil when there are `limit`.
    package func add(_ record: FilterRecord, replacing replaced: Int64?, limit: Int) async throws -> FilterRecord? {
        try await database.writer.write { db in
            try db.execute(sql: "DELETE FROM content_filter WHERE expires_at <= ? OR id = ?", arguments: [record.setAt, replaced])
            guard try Int.fetchOne(db, sql: "SELECT count(*) FROM content_filter") ?? 0 < limit else { return nil }
            try db.execute(
                sql: """
                    INSERT INTO content_filter
                        (pattern, action, ban_seconds, places, spares_accounts, spared_channels, reason, set_by, set_at, expires_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    record.pattern, record.action, record.banSeconds, record.places, record.sparesAccounts, record.sparedChannels,
                    record.reason, record.setBy, record.setAt, record.expiresAt,
                ])
            var stored = record
            stored.id = db.lastInsertedRowID
            return stored
        }
    }

    /// Returns whether there was one with this id.
    package func remove(_ id: Int64) async throws -> Bool {
        try await database.writer.write { db in
            try db.execute(sql: "DELETE FROM content_filter WHERE id = ?", arguments: [id])
            return db.changesCount == 1
        }
    }

    /// All that are not over, the oldest first.
    ///
    /// - Parameter now: milliseconds since 1970.
    package func all(now: Int64) async throws -> [FilterRecord] {
        try await database.writer.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM content_filter WHERE expires_at IS NULL OR expires_at > ? ORDER BY id", arguments: [now]
            ).map { row in
                var record = FilterRecord(
                    pattern: row["pattern"], action: row["action"], banSeconds: row["ban_seconds"], places: row["places"],
                    sparesAccounts: row["spares_accounts"], sparedChannels: row["spared_channels"], reason: row["reason"],
                    setBy: row["set_by"], setAt: row["set_at"], expiresAt: row["expires_at"])
                record.id = row["id"]
                return record
            }
        }
    }

    static func createTable(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE content_filter (
                    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
                    pattern TEXT NOT NULL,
                    action TEXT NOT NULL,
                    ban_seconds INTEGER,
                    places TEXT NOT NULL,
                    spares_accounts INTEGER NOT NULL,
                    spared_channels TEXT NOT NULL,
                    reason TEXT NOT NULL,
                    set_by TEXT NOT NULL,
                    set_at INTEGER NOT NULL,
                    expires_at INTEGER
                ) STRICT;
                """)
    }
}
