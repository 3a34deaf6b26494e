import Foundation
import GRDB

/// What somebody did with the powers of an operator.
package struct AuditRecord: Sendable, Hashable {
    /// How it ended.
    package enum Outcome: String, Sendable, CaseIterable {
        case done
        /// It was not to be.
        case refused
        /// Something that the server works with did not answer.
        case failed
    }

    /// In the order in which they were noted. 0 before it is stored.
    package var id: Int64 = 0
    /// Milliseconds since 1970.
    package var time: Int64
    /// What was done, as in the log: `operator.kill`.
    package var action: String
    /// Who did it: `nick!user@host`, the user at the admin socket, the token.
    package var actor: String
    /// The account of that person; nil: none.
    package var account: String?
    /// To whom or what; may be empty.
    package var target: String
    /// Why; may be empty.
    package var reason: String
    /// Everything else, by name.
    package var details: [String: String]
    package var outcome: Outcome

    package init(
        time: Int64, action: String, actor: String, account: String?, target: String, reason: String, details: [String: String],
        outcome: Outcome
    ) {
        (self.time, self.action, self.actor, self.account) = (time, action, actor, account)
        (self.target, self.reason, self.details, self.outcome) = (target, reason, details, outcome)
    }
}

/// What operators did, the newest ``limit`` things.
package struct AuditStore: Sendable {
    /// Records that are kept.
    package static let limit = 50_000

    private let database: RoostDatabase
    private let limit: Int

    /// - Parameter limit: how many are kept; tests keep few.
    package init(_ database: RoostDatabase, limit: Int = AuditStore.limit) {
        (self.database, self.limit) = (database, limit)
    }

    /// Notes one thing; the oldest make room.
    package func add(_ record: AuditRecord) async throws {
        let details = String(decoding: try JSONEncoder().encode(record.details), as: UTF8.self)
        try await database.writer.write { [limit] db in
            try db.execute(
                sql: """
                    INSERT INTO audit (time, action, actor, account, target, reason, details, outcome) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    record.time, record.action, record.actor, record.account, record.target, record.reason, details,
                    record.outcome.rawValue,
                ])
            try db.execute(sql: "DELETE FROM audit WHERE id <= ?", arguments: [db.lastInsertedRowID - Int64(limit)])
        }
    }

    /// The newest `count` that fit, the newest first. Patterns have `*` and `?`, and take any case.
    ///
    /// - Parameters:
    ///   - action: held against what was done.
    ///   - actor: held against who did it, and against the account.
    ///   - target: held against whom or what it was done to.
    ///   - since: milliseconds since 1970.
    ///   - id: only what was noted before this one; nil: everything.
    package func newest(
        _ count: Int, action: String? = nil, actor: String? = nil, target: String? = nil, since: Int64 = 0, before id: Int64? = nil
    ) async throws -> [AuditRecord] {
        try await database.writer.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM audit WHERE id < :before AND time >= :since
                    AND (:action IS NULL OR lower(action) GLOB lower(:action))
                    AND (:actor IS NULL OR lower(actor) GLOB lower(:actor) OR lower(account) GLOB lower(:actor))
                    AND (:target IS NULL OR lower(target) GLOB lower(:target))
                    ORDER BY id DESC LIMIT :count
                    """,
                arguments: [
                    "before": id ?? .max, "since": since, "action": Self.glob(action), "actor": Self.glob(actor),
                    "target": Self.glob(target),
                    "count": count,
                ]
            ).map(AuditRecord.init)
        }
    }

    /// In GLOB, `[` begins a set.
    private static func glob(_ pattern: String?) -> String? { pattern?.replacing("[", with: "[[]") }
}

extension AuditRecord {
    fileprivate init(_ row: Row) {
        let details = try? JSONDecoder().decode([String: String].self, from: Data((row["details"] as String).utf8))
        self.init(
            time: row["time"], action: row["action"], actor: row["actor"], account: row["account"], target: row["target"],
            reason: row["reason"], details: details ?? [:], outcome: Outcome(rawValue: row["outcome"]) ?? .done)
        id = row["id"]
    }
}
