import GRDB

/// What is looked for in history.
package struct HistorySearch: Sendable, Equatable {
    /// Words that all occur, in any order; empty: any text.
    package var text = ""
    /// The nickname at that time, compared without regard to ASCII case; nil: anybody.
    package var sender: String?
    /// Milliseconds since 1970, not part of the range.
    package var after: Int64?
    package var before: Int64?
    /// The most rows of the answer.
    package var limit = 100

    package init() {}
}

extension HistoryStore {
    /// Words are looked up newest first, and no further than in so many messages.
    static let searchDepth = 200_000

    /// The newest messages that fit, oldest first, with what belongs to them. An edited message is found by its newest text only, and has its first id.
    ///
    /// - Parameters:
    ///   - conversations: where to look.
    ///   - correspondent: whose direct conversations are looked through as well; nil: nobody's.
    package func search(
        _ search: HistorySearch, in conversations: [String], directOf correspondent: String?
    ) async throws -> (messages: [StoredMessage], subjects: [StoredMessage]) {
        let query = Self.searchQuery(search, in: conversations, directOf: correspondent)
        return try await database.patient.read { db in
            let rows = try Row.fetchCursor(db, sql: query.sql, arguments: query.arguments)
            var (found, looked): ([StoredMessage], Int) = ([], 0)
            while found.count < search.limit, looked < Self.searchDepth, let row = try rows.next() {
                looked += 1
                guard row["fits"] else { continue }
                var message = StoredMessage(row: row)
                (message.id, message.subject) = (message.root, nil)
                found.append(message)
            }
            return (found.reversed(), try Self.subjects(of: found, db))
        }
    }

    /// Every message with the words, newest first, one at a time: nothing is sorted, so that the reader can stop when it has enough.
    /// `fits` says whether it is one of those looked for. The test of the query plan asks for it as well.
    static func searchQuery(
        _ search: HistorySearch, in conversations: [String], directOf correspondent: String?
    ) -> (sql: String, arguments: StatementArguments) {
        var arguments: [(any DatabaseValueConvertible)?] = conversations
        var places = "m.conversation IN (\(Array(repeating: "?", count: conversations.count).joined(separator: ", ")))"
        if let correspondent {
            places += " OR m.conversation IN (SELECT conversation FROM correspondence WHERE correspondent = ?)"
            arguments.append(correspondent.lowercasedASCII)
        }
        var conditions = ["(\(places))", "m.kind < 2"]
        if let sender = search.sender {
            conditions.append("lower(substr(m.source, 1, instr(m.source || '!', '!') - 1)) = ?")
            arguments.append(sender.lowercasedASCII)
        }
        if let after = search.after {
            conditions.append("m.time > ?")
            arguments.append(after)
        }
        if let before = search.before {
            conditions.append("m.time < ?")
            arguments.append(before)
        }
        conditions.append(
            "NOT EXISTS (SELECT 1 FROM message e WHERE e.subject = coalesce(m.subject, m.id) AND e.kind < 2 AND e.sequence > m.sequence)")
        let columns = "m." + StoredMessage.columns.replacing(", ", with: ", m.")
        let fits = conditions.joined(separator: " AND ")
        guard let words = words(search.text) else {
            return ("SELECT \(columns), \(fits) AS fits FROM message AS m ORDER BY m.sequence DESC", StatementArguments(arguments))
        }
        arguments.append(words)
        return (
            """
            SELECT \(columns), \(fits) AS fits FROM message_words AS w CROSS JOIN message AS m ON m.sequence = w.rowid
            WHERE w.message_words MATCH ? ORDER BY w.rowid DESC
            """, StatementArguments(arguments)
        )
    }

    /// Every word in quotes, so that nothing in it is an operator; nil when there is no word.
    package static func words(_ text: String) -> String? {
        let words = text.split(whereSeparator: \.isWhitespace).filter { $0.contains { $0.isLetter || $0.isNumber } }.prefix(32)
        guard !words.isEmpty else { return nil }
        return words.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: " ")
    }
}
