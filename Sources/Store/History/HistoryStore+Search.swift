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

    /// The newest messages that fit, oldest first. An edited message is found by its newest text only, and has its first id.
    ///
    /// - Parameters:
    ///   - conversations: where to look.
    ///   - correspondent: whose direct conversations are looked through as well; nil: nobody's.
    package func search(
        _ search: HistorySearch, in conversations: [String], directOf correspondent: String?
    ) async throws -> [StoredMessage] {
        var arguments: [(any DatabaseValueConvertible)?] = []
        var source = "message AS m"
        if let words = Self.words(search.text) {
            source = """
                (SELECT rowid FROM message_words WHERE message_words MATCH ? ORDER BY rowid DESC LIMIT \(Self.searchDepth)) AS w
                JOIN message AS m ON m.sequence = w.rowid
                """
            arguments.append(words)
        }
        var places = "m.conversation IN (\(Array(repeating: "?", count: conversations.count).joined(separator: ", ")))"
        arguments += conversations
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
        arguments.append(search.limit)
        let sql = "SELECT m.* FROM \(source) WHERE \(conditions.joined(separator: " AND ")) ORDER BY m.sequence DESC LIMIT ?"
        let values = StatementArguments(arguments)
        return try await database.writer.read { db in
            try Row.fetchAll(db, sql: sql, arguments: values).map { row in
                var message = StoredMessage(row)
                (message.id, message.subject) = (message.root, nil)
                return message
            }.reversed()
        }
    }

    /// Every word in quotes, so that nothing in it is an operator; nil when there is no word.
    package static func words(_ text: String) -> String? {
        let words = text.split(whereSeparator: \.isWhitespace).filter { $0.contains { $0.isLetter || $0.isNumber } }.prefix(32)
        guard !words.isEmpty else { return nil }
        return words.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: " ")
    }
}
