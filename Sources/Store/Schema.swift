import Foundation
package import GRDB

/// The steps that lead from an empty file to today's tables, in order. A released step is never changed.
package enum Schema {
    /// One of them. Its name is kept in the database once it is taken.
    struct Step: Sendable {
        let name: String
        let take: @Sendable (Database) throws -> Void

        init(_ name: String, _ take: @escaping @Sendable (Database) throws -> Void) {
            (self.name, self.take) = (name, take)
        }
    }

    /// Takes the steps that are left, all in one transaction: when one fails, the database is as it was.
    package static func migrate(_ writer: some DatabaseWriter) throws {
        try migrate(writer, steps)
    }

    static func migrate(_ writer: some DatabaseWriter, _ steps: [Step]) throws {
        guard try !writer.read({ try pending($0, steps) }).isEmpty else { return }
        try writer.barrierWriteWithoutTransaction { db in
            // A step may make a table anew that others refer to; what they refer to is checked at the end.
            try db.execute(sql: "PRAGMA foreign_keys = OFF")
            defer { try? db.execute(sql: "PRAGMA foreign_keys = ON") }
            try db.inTransaction(.immediate) {
                try db.execute(sql: "CREATE TABLE IF NOT EXISTS grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
                // Another process may have been faster.
                let names = try Set(pending(db, steps))
                for step in steps where names.contains(step.name) {
                    do {
                        try step.take(db)
                    } catch {
                        throw StoreError.cannotUpgrade(step: step.name, reason: "\(error)")
                    }
                    try db.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES (?)", arguments: [step.name])
                }
                try db.checkForeignKeys()
                return .commit
            }
        }
    }

    /// The names of the steps that are left, in order.
    ///
    /// - Throws: ``StoreError/tooNew(migrations:version:)`` when the database has taken others.
    static func pending(_ db: Database, _ steps: [Step] = steps) throws -> [String] {
        let taken = try Self.taken(db)
        let unknown = taken.filter { name in !steps.contains { $0.name == name } }
        guard unknown.isEmpty else { throw StoreError.tooNew(migrations: unknown, version: version(db)) }
        return steps.map(\.name).filter { !taken.contains($0) }
    }

    /// Which Roost used the database last, as far as it says so.
    private static func version(_ db: Database) -> String? {
        let value = try? Data.fetchOne(db, sql: "SELECT value FROM server_state WHERE key = ?", arguments: [ServerStateStore.version])
        return value.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The names of the steps that were taken; none in a new file.
    static func taken(_ db: Database) throws -> [String] {
        try db.tableExists("grdb_migrations") ? String.fetchAll(db, sql: "SELECT identifier FROM grdb_migrations") : []
    }

    static let steps: [Step] = [
        Step("1") { db in
            try createAccounts(db)
            try createHistory(db)
            try createState(db)
            try BrokerSchema.create(db)
        },
        Step("history.events") { db in try HistorySchema.addEvents(db) },
        Step("metadata") { db in try createMetadata(db) },
        Step("read_marker") { db in try createReadMarkers(db) },
        Step("record") { db in try createRecords(db) },
        Step("account.settings") { db in try addAccountSettings(db) },
        Step("history.search") { db in try HistorySchema.addSubjectsAndSearch(db) },
        Step("api_token") { db in try createAPITokens(db) },
        Step("push_subscription") { db in try createPushSubscriptions(db) },
        Step("account_certificate") { db in try createCertificates(db) },
        Step("former_account") { db in try createFormerAccounts(db) },
        Step("web_login") { db in try BrokerSchema.addLoginDetails(db) },
        Step("broker.client_keys") { db in try BrokerSchema.addClientKeys(db) },
        Step("device_password") { db in try createDevicePasswords(db) },
        Step("server_secret") { db in try createServerSecrets(db) },
        Step("history.revisions") { db in try HistorySchema.addRevisions(db) },
        Step("read_marker.correspondents") { db in try ReadMarkerStore.keyByCorrespondent(db) },
        Step("invite_code") { db in try createInviteCodes(db) },
        Step("password_reset") { db in try createPasswordResets(db) },
        Step("account.scram_verifier") { db in try addScramVerifiers(db) },
        Step("server_ban") { db in try createServerBans(db) },
        Step("audit") { db in try createAudit(db) },
        Step("mailed_code") { db in try joinMailedCodes(db) },
        Step("mailed_code.attempts") { db in try db.execute(sql: "ALTER TABLE mailed_code DROP COLUMN attempts") },
        Step("account.proved_email") { db in try settleEmails(db) },
        Step("api_token.scopes") { db in try addTokenScopes(db) },
        Step("content_filter") { db in try FilterStore.createTable(db) },
    ]

    /// Names of accounts that were deleted. What was said under them is still there, so nobody else gets them.
    private static func createFormerAccounts(_ db: Database) throws {
        try db.execute(sql: "CREATE TABLE former_account (folded TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID")
    }

    private static func createAccounts(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE account (
                    name TEXT NOT NULL PRIMARY KEY,
                    folded TEXT NOT NULL UNIQUE,
                    did TEXT UNIQUE,
                    password_hash TEXT,
                    is_operator INTEGER NOT NULL DEFAULT 0,
                    is_suspended INTEGER NOT NULL DEFAULT 0,
                    created_at INTEGER NOT NULL,
                    last_login_at INTEGER
                ) STRICT;
                """)
    }

    /// Rows of one conversation lie together in (time, sequence) order, so that a page costs the same however long the
    /// history is.
    private static func createHistory(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE message (
                    sequence INTEGER NOT NULL PRIMARY KEY,
                    id TEXT NOT NULL UNIQUE,
                    conversation TEXT NOT NULL,
                    time INTEGER NOT NULL,
                    kind INTEGER NOT NULL,
                    source TEXT NOT NULL,
                    account TEXT,
                    tags TEXT NOT NULL,
                    text BLOB NOT NULL,
                    recipient TEXT
                ) STRICT;
                CREATE INDEX message_order ON message (conversation, time, sequence);
                CREATE INDEX message_time ON message (time);
                CREATE TABLE correspondence (
                    correspondent TEXT NOT NULL,
                    conversation TEXT NOT NULL,
                    name TEXT NOT NULL,
                    latest INTEGER NOT NULL,
                    PRIMARY KEY (correspondent, conversation)
                ) STRICT, WITHOUT ROWID;
                """)
    }

    private static func createState(_ db: Database) throws {
        try db.execute(sql: "CREATE TABLE server_state (key TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID")
    }

    private static func createReadMarkers(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE read_marker (
                    account TEXT NOT NULL,
                    target TEXT NOT NULL,
                    time INTEGER NOT NULL,
                    PRIMARY KEY (account, target)
                ) STRICT, WITHOUT ROWID;
                """)
    }

    private static func createMetadata(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE metadata (
                    owner TEXT NOT NULL,
                    key TEXT NOT NULL,
                    value TEXT NOT NULL,
                    PRIMARY KEY (owner, key)
                ) STRICT, WITHOUT ROWID;
                """)
    }

    private static func createAPITokens(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE api_token (
                    hash BLOB NOT NULL PRIMARY KEY,
                    name TEXT NOT NULL UNIQUE,
                    created_at INTEGER NOT NULL,
                    expires_at INTEGER
                ) STRICT, WITHOUT ROWID;
                """)
    }

    /// Tokens from before may do what they could do before.
    private static func addTokenScopes(_ db: Database) throws {
        try db.execute(
            sql: """
                ALTER TABLE api_token ADD COLUMN scopes TEXT NOT NULL DEFAULT '';
                ALTER TABLE api_token ADD COLUMN channels TEXT;
                ALTER TABLE api_token ADD COLUMN last_used_at INTEGER;
                UPDATE api_token SET scopes = 'metrics services';
                """)
    }

    private static func createPushSubscriptions(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE push_subscription (
                    account TEXT NOT NULL,
                    endpoint TEXT NOT NULL,
                    public_key BLOB NOT NULL,
                    secret BLOB NOT NULL,
                    refreshed_at INTEGER NOT NULL,
                    PRIMARY KEY (account, endpoint)
                ) STRICT, WITHOUT ROWID;
                """)
    }

    private static func createCertificates(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE account_certificate (
                    fingerprint TEXT NOT NULL PRIMARY KEY,
                    account TEXT NOT NULL,
                    added_at INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX account_certificate_account ON account_certificate (account);
                """)
    }

    private static func createDevicePasswords(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE device_password (
                    id TEXT NOT NULL PRIMARY KEY,
                    account TEXT NOT NULL,
                    name TEXT NOT NULL COLLATE NOCASE,
                    hash TEXT NOT NULL,
                    created_at INTEGER NOT NULL,
                    expires_at INTEGER,
                    last_used_at INTEGER,
                    UNIQUE (account, name)
                ) STRICT, WITHOUT ROWID;
                """)
    }

    /// Secrets of the server itself; `value` is sealed by ``SecretBox``.
    private static func createServerSecrets(_ db: Database) throws {
        try db.execute(sql: "CREATE TABLE server_secret (name TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID")
    }

    private static func createInviteCodes(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE invite_code (
                    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
                    hash BLOB NOT NULL UNIQUE,
                    uses INTEGER NOT NULL DEFAULT 0,
                    use_limit INTEGER NOT NULL,
                    created_by TEXT NOT NULL,
                    created_at INTEGER NOT NULL,
                    expires_at INTEGER
                ) STRICT;
                """)
    }

    private static func createPasswordResets(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE password_reset (
                    account TEXT NOT NULL PRIMARY KEY,
                    hash BLOB NOT NULL,
                    attempts INTEGER NOT NULL DEFAULT 0,
                    expires_at INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID;
                """)
    }

    private static func createServerBans(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE server_ban (
                    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
                    mask TEXT NOT NULL,
                    action TEXT NOT NULL,
                    reason TEXT NOT NULL,
                    operator_reason TEXT NOT NULL,
                    set_by TEXT NOT NULL,
                    set_at INTEGER NOT NULL,
                    expires_at INTEGER
                ) STRICT;
                """)
    }

    private static func createAudit(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE audit (
                    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
                    time INTEGER NOT NULL,
                    action TEXT NOT NULL,
                    actor TEXT NOT NULL,
                    account TEXT,
                    target TEXT NOT NULL,
                    reason TEXT NOT NULL,
                    details TEXT NOT NULL,
                    outcome TEXT NOT NULL
                ) STRICT;
                """)
    }

    /// One table for what was `password_reset` and records of the kind `registration`.
    private static func joinMailedCodes(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE mailed_code (
                    purpose TEXT NOT NULL,
                    account TEXT NOT NULL,
                    hash BLOB NOT NULL,
                    document BLOB NOT NULL,
                    attempts INTEGER NOT NULL DEFAULT 0,
                    expires_at INTEGER NOT NULL,
                    PRIMARY KEY (purpose, account)
                ) STRICT, WITHOUT ROWID;
                INSERT INTO mailed_code (purpose, account, hash, document, attempts, expires_at)
                    SELECT 'reset', account, hash, x'', attempts, expires_at FROM password_reset;
                DROP TABLE password_reset;
                """)
        struct Pending: Decodable {
            let codeHash: Data
            let expiresAt: Int64
            let attempts: Int
        }
        for row in try Row.fetchAll(db, sql: "SELECT key, value FROM record WHERE kind = 'registration'") {
            let (key, document) = (row["key"] as String, row["value"] as Data)
            guard let pending = try? JSONDecoder().decode(Pending.self, from: document) else { continue }
            try db.execute(
                sql: "INSERT INTO mailed_code (purpose, account, hash, document, attempts, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: ["registration", key, pending.codeHash, document, pending.attempts, pending.expiresAt])
        }
        try db.execute(sql: "DELETE FROM record WHERE kind = 'registration'")
    }

    /// Of addresses from before it was noted nobody knows whether they were proved: they were not. The index finds those that are.
    private static func settleEmails(_ db: Database) throws {
        // Settings that cannot be read are those of an account that has none; they must not keep the server from starting.
        try db.execute(
            sql: """
                UPDATE account SET settings = json_set(settings, '$.emailIsProved', json('false'))
                WHERE CASE WHEN json_valid(settings)
                    THEN json_extract(settings, '$.email') IS NOT NULL AND json_extract(settings, '$.emailIsProved') IS NULL
                    END;
                CREATE INDEX account_proved_email ON account (json_extract(settings, '$.email') COLLATE NOCASE)
                    WHERE json_valid(settings) AND json_extract(settings, '$.emailIsProved');
                """)
    }

    private static func addScramVerifiers(_ db: Database) throws {
        try db.execute(sql: "ALTER TABLE account ADD COLUMN scram_verifier TEXT")
    }

    private static func createRecords(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE record (
                    kind TEXT NOT NULL,
                    key TEXT NOT NULL,
                    value BLOB NOT NULL,
                    PRIMARY KEY (kind, key)
                ) STRICT, WITHOUT ROWID;
                """)
    }

    private static func addAccountSettings(_ db: Database) throws {
        try db.execute(
            sql: """
                ALTER TABLE account ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
                CREATE TABLE nickname (
                    nick TEXT NOT NULL PRIMARY KEY,
                    account TEXT NOT NULL
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX nickname_account ON nickname (account);
                """)
    }
}
