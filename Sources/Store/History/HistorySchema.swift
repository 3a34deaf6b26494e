import GRDB

/// The later steps of the tables of history.
enum HistorySchema {
    /// Events beside what is said, and which connection said it. Those who read only what is said page through an index of
    /// their own: it costs the same however many people came and went in between.
    static func addEvents(_ db: Database) throws {
        try db.execute(
            sql: """
                ALTER TABLE message ADD COLUMN parameters TEXT NOT NULL DEFAULT '';
                ALTER TABLE message ADD COLUMN connection INTEGER;
                CREATE INDEX message_spoken ON message (conversation, time, sequence) WHERE kind < 2;
                """)
    }
}
