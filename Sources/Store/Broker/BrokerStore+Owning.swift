import Foundation
import GRDB

/// Sessions as things that people own: they see them, name them and end them; and all of them end some time.
extension BrokerStore {
    /// Notes, beside a new row, what the owner will know it by.
    func describe(_ db: Database, _ new: NewPDSSession) throws {
        try db.execute(
            sql: """
                UPDATE pds_session SET address = ?, agent = ?,
                    number = 1 + coalesce((SELECT max(number) FROM pds_session WHERE did = ? AND id <> ?), 0)
                WHERE id = ?
                """, arguments: [new.place.address, new.place.agent, new.did, new.id, new.id])
    }

    /// The sessions of an account in their order, those that are over too. Not more than the account may have.
    package func webLogins(of did: String) async throws -> [WebLogin] {
        try await database.writer.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM pds_session WHERE did = ? ORDER BY number", arguments: [did]).map(WebLogin.init)
        }
    }

    /// Gives a session of an account another name; false when the account has no such session.
    package func rename(_ id: String, of did: String, to name: String?) async throws -> Bool {
        try await database.writer.write { db in
            try db.execute(sql: "UPDATE pds_session SET name = ? WHERE id = ? AND did = ?", arguments: [name, id, did])
            return db.changesCount == 1
        }
    }

    /// Ends sessions for good and wipes their secrets. Those that were live come back, so that they can be given back.
    package func end(_ ids: [String], reason: String) async throws -> [EndedSession] {
        try await database.writer.write { db in
            try ids.compactMap { id in
                let row = try Row.fetchOne(db, sql: "SELECT * FROM pds_session WHERE id = ? AND state = 'live'", arguments: [id])
                guard let row else { return nil }
                try kill(db, id, reason: reason)
                return ended(row)
            }
        }
    }

    /// Live sessions that were not used since `time` (milliseconds since 1970), at most `limit`.
    package func live(unusedSince time: Int64, limit: Int) async throws -> [String] {
        try await database.writer.read { db in
            try String.fetchAll(
                db, sql: "SELECT id FROM pds_session WHERE used_at < ? AND state = 'live' LIMIT ?", arguments: [time, limit])
        }
    }

    /// Live sessions that were opened before `time` (milliseconds since 1970), at most `limit`.
    package func live(openedBefore time: Int64, limit: Int) async throws -> [String] {
        try await database.writer.read { db in
            try String.fetchAll(
                db, sql: "SELECT id FROM pds_session WHERE created_at < ? AND state = 'live' LIMIT ?", arguments: [time, limit])
        }
    }

    /// When the oldest live session was opened, milliseconds since 1970; nil when there is none.
    package func oldestLive() async throws -> Int64? {
        try await database.writer.read { db in
            try Int64.fetchOne(db, sql: "SELECT created_at FROM pds_session WHERE state = 'live' ORDER BY created_at LIMIT 1")
        }
    }

    /// Forgets sessions that are over and were not used since `time` (milliseconds since 1970), and says how many.
    package func prune(deadSince time: Int64) async throws -> Int {
        try await database.writer.write { db in
            try db.execute(sql: "DELETE FROM pds_session WHERE state = 'dead' AND used_at < ?", arguments: [time])
            return db.changesCount
        }
    }

    /// Why the account that this DID opens is suspended; nil when it is not, or there is none yet.
    package func suspension(of did: String) async throws -> String? {
        guard let account = try await AccountStore(database).find(did: did), account.isSuspended else { return nil }
        return account.settings.suspensionReason ?? "no reason given"
    }

    /// What is needed to give back the session of a row; nil when its secrets are wiped or do not open.
    func ended(_ row: Row) -> EndedSession? {
        guard let secrets = try? secrets(in: row) else { return nil }
        return EndedSession(
            id: row["id"], did: row["did"], pds: row["pds"], issuer: row["issuer"], clientID: row["client_id"],
            clientKey: row["client_key"],
            secrets: secrets)
    }
}

extension WebLogin {
    fileprivate init(_ row: Row) {
        id = row["id"]
        did = row["did"]
        number = row["number"]
        name = row["name"]
        place = LoginPlace(address: row["address"], agent: row["agent"])
        createdAt = row["created_at"]
        usedAt = row["used_at"]
        endedBecause = row["state"] == "dead" ? row["dead_reason"] ?? "" : nil
    }
}
