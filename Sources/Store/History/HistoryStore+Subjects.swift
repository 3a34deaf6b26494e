import GRDB

/// What belongs to other messages: later revisions of them, and reactions.
extension HistoryStore {
    /// Rows about one page of messages that are looked at.
    static let subjectLimit = 10_000

    /// The rows that are about any of `roots` in `conversation`, oldest first.
    package func subjects(of roots: [String], in conversation: String) async throws -> [StoredMessage] {
        guard !roots.isEmpty else { return [] }
        let marks = Array(repeating: "?", count: roots.count).joined(separator: ", ")
        let arguments = StatementArguments(roots + [conversation])
        return try await database.writer.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM message INDEXED BY message_subject WHERE subject IN (\(marks)) AND conversation = ?
                    ORDER BY sequence LIMIT \(Self.subjectLimit)
                    """, arguments: arguments
            ).map(StoredMessage.init)
        }
    }
}
