package import GRDB

/// The tables of the login broker. The first migration of ``RoostDatabase`` creates them.
package enum BrokerSchema {
    /// Creates both tables and their indexes.
    ///
    /// Times are milliseconds since 1970. `refresh_token`, `access_token` and `dpop_key` are sealed by ``SecretBox``.
    /// `refresh_started_at` and `refresh_hash` are the intent: they are set before a refresh is sent and cleared
    /// together with storing its answer, so a row that has them at start-up lost an answer.
    /// `generation` counts the rotations of the refresh token.
    package static func create(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE pds_session (
                    id TEXT NOT NULL PRIMARY KEY,
                    did TEXT NOT NULL,
                    pds TEXT NOT NULL,
                    issuer TEXT NOT NULL,
                    client_id TEXT NOT NULL,
                    scope TEXT NOT NULL,
                    state TEXT NOT NULL CHECK (state IN ('live', 'dead')),
                    dead_reason TEXT,
                    refresh_token BLOB,
                    access_token BLOB,
                    access_expires_at INTEGER NOT NULL,
                    dpop_key BLOB,
                    generation INTEGER NOT NULL DEFAULT 0,
                    refresh_started_at INTEGER,
                    refresh_hash BLOB,
                    failures INTEGER NOT NULL DEFAULT 0,
                    retry_at INTEGER,
                    handle TEXT,
                    handle_checked_at INTEGER NOT NULL,
                    created_at INTEGER NOT NULL,
                    refreshed_at INTEGER NOT NULL,
                    used_at INTEGER NOT NULL
                ) STRICT;
                CREATE INDEX pds_session_did ON pds_session (did, used_at);
                CREATE INDEX pds_session_used ON pds_session (used_at);
                CREATE TABLE broker_token (
                    hash BLOB NOT NULL PRIMARY KEY,
                    session TEXT NOT NULL REFERENCES pds_session (id) ON DELETE CASCADE,
                    created_at INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX broker_token_session ON broker_token (session);
                """)
    }

    /// What an owner knows a session by: a number that counts up for each account, a name, and where the login came from.
    package static func addLoginDetails(_ db: Database) throws {
        try db.execute(
            sql: """
                ALTER TABLE pds_session ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
                ALTER TABLE pds_session ADD COLUMN name TEXT;
                ALTER TABLE pds_session ADD COLUMN address TEXT;
                ALTER TABLE pds_session ADD COLUMN agent TEXT;
                UPDATE pds_session SET number = (
                    SELECT count(*) FROM pds_session AS other WHERE other.did = pds_session.did AND other.rowid <= pds_session.rowid);
                CREATE INDEX pds_session_created ON pds_session (created_at);
                """)
    }

    /// The signing keys of the OAuth client; `secret` is sealed by ``SecretBox``. A session without one was opened as a
    /// public client and stays one. Added by the migration `broker.client_keys`.
    static func addClientKeys(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE client_key (
                    id TEXT NOT NULL PRIMARY KEY,
                    public_key BLOB NOT NULL,
                    secret BLOB NOT NULL,
                    created_at INTEGER NOT NULL
                ) STRICT;
                ALTER TABLE pds_session ADD COLUMN client_key TEXT REFERENCES client_key (id) ON DELETE SET NULL;
                CREATE INDEX pds_session_client_key ON pds_session (client_key);
                """)
    }
}
