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

    /// Which message another one changes or is about, and the words of what was said.
    ///
    /// The index of words has no text of its own: it follows the table by triggers.
    static func addSubjectsAndSearch(_ db: Database) throws {
        try db.execute(
            sql: """
                ALTER TABLE message ADD COLUMN subject TEXT;
                CREATE INDEX message_subject ON message (subject, sequence) WHERE subject IS NOT NULL;
                CREATE INDEX message_account ON message (account, sequence) WHERE account IS NOT NULL;
                CREATE VIRTUAL TABLE message_words USING fts5
                    (text, content = 'message', content_rowid = 'sequence', tokenize = 'unicode61 remove_diacritics 2');
                INSERT INTO message_words (rowid, text) SELECT sequence, CAST(text AS TEXT) FROM message WHERE kind < 2;
                CREATE TRIGGER message_is_added AFTER INSERT ON message WHEN new.kind < 2 BEGIN
                    INSERT INTO message_words (rowid, text) VALUES (new.sequence, CAST(new.text AS TEXT));
                END;
                CREATE TRIGGER message_is_deleted AFTER DELETE ON message WHEN old.kind < 2 BEGIN
                    INSERT INTO message_words (message_words, rowid, text) VALUES ('delete', old.sequence, CAST(old.text AS TEXT));
                END;
                """)
    }

    /// The texts of one message in their order. A reaction to a revision is one to the message.
    static func addRevisions(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE INDEX message_revision ON message (subject, sequence) WHERE subject IS NOT NULL AND kind < 2;
                UPDATE message SET subject = (SELECT edit.subject FROM message AS edit WHERE edit.id = message.subject)
                WHERE subject IS NOT NULL AND kind = 2 AND EXISTS (
                    SELECT 1 FROM message AS edit
                    WHERE edit.id = message.subject AND edit.conversation = message.conversation
                    AND edit.kind < 2 AND edit.subject IS NOT NULL);
                """)
    }
}
