import GRDB

/// What belongs to other messages: later revisions of them, and reactions.
extension HistoryStore {
    /// Rows about one page of messages that are looked at, the newest ones.
    static let subjectLimit = 10_000

    /// The rows that are about any of `roots` in `conversation`, oldest first.
    package func subjects(of roots: [String], in conversation: String) async throws -> [StoredMessage] {
        try await database.writer.read { try Self.subjects(of: roots, in: conversation, $0) }
    }

    static func subjects(of roots: [String], in conversation: String, _ db: Database) throws -> [StoredMessage] {
        guard !roots.isEmpty else { return [] }
        // One statement for any number of them; an id has nothing in it that JSON would escape.
        let list = "[" + roots.map { "\"\($0)\"" }.joined(separator: ",") + "]"
        return try StoredMessage.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT \(StoredMessage.columns) FROM message INDEXED BY message_subject
                    WHERE subject IN (SELECT value FROM json_each(?)) AND conversation = ? ORDER BY sequence DESC LIMIT \(subjectLimit)
                    """), arguments: [list, conversation]
        ).reversed()
    }
}
