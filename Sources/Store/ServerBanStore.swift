import GRDB

/// A ban of the server, or an exemption from them, as it is stored.
package struct ServerBanRecord: Sendable, Hashable {
    /// What it is called; never given to another one. 0 before it is stored.
    package var id: Int64 = 0
    /// Whom it catches, in canonical form.
    package var mask: String
    /// What happens to those it catches.
    package var action: String
    /// What they are told.
    package var reason: String
    /// What only operators read; may be empty.
    package var operatorReason: String
    package var setBy: String
    /// Milliseconds since 1970.
    package var setAt: Int64
    /// Likewise; nil: it lasts until somebody takes it off.
    package var expiresAt: Int64?

    package init(
        mask: String, action: String, reason: String, operatorReason: String = "", setBy: String, setAt: Int64, expiresAt: Int64? = nil
    ) {
        (self.mask, self.action, self.reason, self.operatorReason) = (mask, action, reason, operatorReason)
        (self.setBy, self.setAt, self.expiresAt) = (setBy, setAt, expiresAt)
    }
}

/// The bans of the whole server.
package struct ServerBanStore: Sendable {
    private let database: RoostDatabase

    package init(_ database: RoostDatabase) {
        self.database = database
    }

    /// Adds a ban in the place of those that are over and of `replaced`, and returns it with its id; nil when there are `limit`.
    package func add(_ record: ServerBanRecord, replacing replaced: Int64?, limit: Int) async throws -> ServerBanRecord? {
        try await database.writer.write { db in
            try db.execute(
                sql: "DELETE FROM server_ban WHERE expires_at <= ? OR id = ?", arguments: [record.setAt, replaced])
            guard try Int.fetchOne(db, sql: "SELECT count(*) FROM server_ban") ?? 0 < limit else { return nil }
            try db.execute(
                sql: """
                    INSERT INTO server_ban (mask, action, reason, operator_reason, set_by, set_at, expires_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    record.mask, record.action, record.reason, record.operatorReason, record.setBy, record.setAt, record.expiresAt,
                ])
            var stored = record
            stored.id = db.lastInsertedRowID
            return stored
        }
    }

    /// Returns whether there was one with this id.
    package func remove(_ id: Int64) async throws -> Bool {
        try await database.writer.write { db in
            try db.execute(sql: "DELETE FROM server_ban WHERE id = ?", arguments: [id])
            return db.changesCount == 1
        }
    }

    /// All that are not over, the oldest first.
    ///
    /// - Parameter now: milliseconds since 1970.
    package func all(now: Int64) async throws -> [ServerBanRecord] {
        try await database.writer.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM server_ban WHERE expires_at IS NULL OR expires_at > ? ORDER BY id", arguments: [now]
            ).map { row in
                var record = ServerBanRecord(
                    mask: row["mask"], action: row["action"], reason: row["reason"], operatorReason: row["operator_reason"],
                    setBy: row["set_by"], setAt: row["set_at"], expiresAt: row["expires_at"])
                record.id = row["id"]
                return record
            }
        }
    }
}
