import GRDB

/// A device password as it is stored.
package struct DevicePasswordRecord: Sendable, Hashable {
    /// The part of it that finds it.
    package var id: String
    /// Unique in its account, without regard to ASCII case.
    package var name: String
    /// A PHC string.
    package var hash: String
    /// Milliseconds since 1970, as the other times.
    package var createdAt: Int64
    /// Nil: it does not expire.
    package var expiresAt: Int64?
    package var lastUsedAt: Int64?

    package init(id: String, name: String, hash: String, createdAt: Int64, expiresAt: Int64? = nil) {
        (self.id, self.name, self.hash, self.createdAt, self.expiresAt) = (id, name, hash, createdAt, expiresAt)
    }

    init(_ row: Row) {
        self.init(id: row["id"], name: row["name"], hash: row["hash"], createdAt: row["created_at"], expiresAt: row["expires_at"])
        lastUsedAt = row["last_used_at"]
    }
}

/// The device passwords of accounts.
extension AccountStore {
    /// Adds one to an account that has at most `limit` - 1 others. Those that have expired make room.
    package func add(_ device: DevicePasswordRecord, toAccount account: String, limit: Int) async throws -> Addition {
        try await database.writer.write { db in
            let folded = account.lowercasedASCII
            try db.execute(
                sql: "DELETE FROM device_password WHERE account = ? AND expires_at <= ?", arguments: [folded, device.createdAt])
            let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM device_password WHERE account = ?", arguments: [folded]) ?? 0
            guard count < limit else { return .tooMany }
            try db.execute(
                sql: """
                    INSERT OR IGNORE INTO device_password (id, account, name, hash, created_at, expires_at)
                    SELECT ?, folded, ?, ?, ?, ? FROM account WHERE folded = ?
                    """,
                arguments: [device.id, device.name, device.hash, device.createdAt, device.expiresAt, folded])
            return db.changesCount == 1 ? .added : .taken
        }
    }

    /// The one of an account that has this id, also when it has expired.
    package func devicePassword(id: String, ofAccount account: String) async throws -> DevicePasswordRecord? {
        try await database.writer.read { db in
            try Row.fetchOne(
                db, sql: "SELECT * FROM device_password WHERE id = ? AND account = ?", arguments: [id, account.lowercasedASCII]
            ).map(DevicePasswordRecord.init)
        }
    }

    /// Those of an account, the oldest first.
    package func devicePasswords(ofAccount account: String) async throws -> [DevicePasswordRecord] {
        try await database.writer.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM device_password WHERE account = ? ORDER BY created_at, id", arguments: [account.lowercasedASCII]
            ).map(DevicePasswordRecord.init)
        }
    }

    /// Notes a login with one, at `now`. False when it is gone.
    package func recordUse(ofDevicePassword id: String, now: Int64) async throws -> Bool {
        try await database.writer.write { db in
            try db.execute(sql: "UPDATE device_password SET last_used_at = ? WHERE id = ?", arguments: [now, id])
            return db.changesCount == 1
        }
    }

    /// Stores a new hash of the same password; does nothing when `old` is not its hash.
    package func renewHash(ofDevicePassword id: String, from old: String, to hash: String) async throws {
        try await database.writer.write { db in
            try db.execute(sql: "UPDATE device_password SET hash = ? WHERE id = ? AND hash = ?", arguments: [hash, id, old])
        }
    }

    /// Removes one by its name. Returns its id; nil when the account has none of this name.
    package func removeDevicePassword(name: String, fromAccount account: String) async throws -> String? {
        try await database.writer.write { db in
            try String.fetchOne(
                db, sql: "DELETE FROM device_password WHERE account = ? AND name = ? RETURNING id",
                arguments: [account.lowercasedASCII, name])
        }
    }
}
