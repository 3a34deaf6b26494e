import GRDB

/// What belongs to other messages: the newest texts of them, and reactions.
extension HistoryStore {
    /// Reactions to one page of messages that are looked at, the newest ones.
    static let reactionLimit = 10_000

    /// Those messages of `conversation` that have one of `ids`, in no order, with what belongs to them.
    package func messagesWithSubjects(
        ids: [String], in conversation: String
    ) async throws -> (messages: [StoredMessage], subjects: [StoredMessage]) {
        try await database.writer.read { db in
            let messages = try StoredMessage.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT \(StoredMessage.columns) FROM message
                        WHERE id IN (SELECT value FROM json_each(?)) AND conversation = ?
                        """), arguments: [Self.list(ids), conversation])
            return (messages, try Self.subjects(of: messages, db))
        }
    }

    /// The newest revision of each of `messages`, and the reactions to them, oldest first in each conversation. Only rows of the
    /// same conversation belong to a message: whoever cannot read it cannot add to it.
    static func subjects(of messages: [StoredMessage], _ db: Database) throws -> [StoredMessage] {
        try Dictionary(grouping: messages, by: \.conversation).flatMap { conversation, page in
            let roots = list(Set(page.map(\.root)))
            let revisions = try StoredMessage.fetchAll(
                db.cachedStatement(sql: revisionSQL), arguments: [conversation, roots])
            let reactions = try StoredMessage.fetchAll(
                db.cachedStatement(sql: reactionSQL), arguments: [roots, conversation])
            return (revisions + reactions).sorted { $0.sequence < $1.sequence }
        }
    }

    /// One look at the end of a range of an index for each message. The test of the query plan asks for it as well.
    static let revisionSQL = """
        SELECT \(StoredMessage.columns) FROM message WHERE sequence IN (
            SELECT (
                SELECT sequence FROM message AS revision INDEXED BY message_revision
                WHERE revision.subject = root.value AND revision.kind < 2 AND revision.conversation = ?
                ORDER BY revision.sequence DESC LIMIT 1)
            FROM json_each(?) AS root)
        """

    static let reactionSQL = """
        SELECT \(StoredMessage.columns) FROM message INDEXED BY message_subject
        WHERE subject IN (SELECT value FROM json_each(?)) AND conversation = ? AND kind >= 2
        ORDER BY sequence DESC LIMIT \(reactionLimit)
        """

    /// Any number of ids as one value; an id has nothing in it that JSON would escape.
    private static func list(_ ids: some Sequence<String>) -> String {
        "[" + ids.map { "\"\($0)\"" }.joined(separator: ",") + "]"
    }
}
