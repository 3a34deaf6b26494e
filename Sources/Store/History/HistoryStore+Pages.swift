import GRDB

/// Pages of a conversation, always oldest first.
extension HistoryStore {
    /// - Parameters:
    ///   - view: what the reader understands.
    ///   - limit: the most rows of the answer.
    /// - Throws: ``HistoryError/unknownMessage`` when a bound names a message that this conversation does not have.
    package func page(
        conversation: String, _ selector: HistorySelector, view: HistoryView = .spoken, limit: Int
    ) async throws -> [StoredMessage] {
        try await database.writer.read { try Self.page(conversation, selector, view, limit, $0) }
    }

    /// A page with the rows that belong to its messages (their newest texts and the reactions to them), read in one go.
    package func pageWithSubjects(
        conversation: String, _ selector: HistorySelector, view: HistoryView = .spoken, limit: Int
    ) async throws -> (messages: [StoredMessage], subjects: [StoredMessage]) {
        try await database.writer.read { db in
            let messages = try Self.page(conversation, selector, view, limit, db)
            return (messages, try Self.subjects(of: messages, db))
        }
    }

    private static func page(
        _ conversation: String, _ selector: HistorySelector, _ view: HistoryView, _ limit: Int, _ db: Database
    ) throws -> [StoredMessage] {
        let page = Page(db: db, conversation: conversation, view: view)
        switch selector {
        case .latest(let after):
            return try page.rows(from: after.map { try page.place($0, .after) }, to: nil, limit, newestFirst: true).reversed()
        case .before(let bound):
            return try page.rows(from: nil, to: page.place(bound, .before), limit, newestFirst: true).reversed()
        case .after(let bound):
            return try page.rows(from: page.place(bound, .after), to: nil, limit, newestFirst: false)
        case .around(let bound):
            let after = try page.rows(from: page.place(bound, .before), to: nil, max(1, limit - limit / 2), newestFirst: false)
            let before = try page.rows(from: nil, to: page.place(bound, .before), limit - after.count, newestFirst: true)
            return before.reversed() + after
        case .between(let first, let second):
            let (low, high) = (try page.place(first, .after), try page.place(second, .before))
            if low <= high { return try page.rows(from: low, to: high, limit, newestFirst: false) }
            return try page.rows(from: page.place(second, .after), to: page.place(first, .before), limit, newestFirst: true).reversed()
        }
    }
}

extension HistoryStore {
    /// One range of one index, in its order. The test of the query plan asks for it as well.
    static func pageSQL(_ view: HistoryView, newestFirst: Bool) -> String {
        let order = newestFirst ? "DESC" : "ASC"
        let (index, kinds) = view == .spoken ? ("message_spoken", "kind < 2") : ("message_order", "kind < 100")
        return """
            SELECT \(StoredMessage.columns) FROM message INDEXED BY \(index)
            WHERE conversation = ? AND (time, sequence) >= (?, ?) AND (time, sequence) < (?, ?) AND \(kinds)
            ORDER BY time \(order), sequence \(order) LIMIT ?
            """
    }
}

/// Why a page cannot be had.
package enum HistoryError: Error, Equatable {
    case unknownMessage
}

/// A point between two messages of a conversation: everything before it compares smaller.
private struct Place: Comparable {
    var time: Int64
    var sequence: Int64

    static func < (left: Place, right: Place) -> Bool { (left.time, left.sequence) < (right.time, right.sequence) }
}

private struct Page {
    enum Side {
        case before, after
    }

    let db: Database
    let conversation: String
    let view: HistoryView

    /// The point just before or after a bound. A bare time stands for all messages of that millisecond.
    func place(_ bound: HistorySelector.Bound, _ side: Side) throws -> Place {
        switch bound {
        case .time(let time):
            return side == .before ? Place(time: time, sequence: 0) : Place(time: time, sequence: .max)
        case .id(let id):
            let row = try Row.fetchOne(
                db, sql: "SELECT time, sequence FROM message WHERE id = ? AND conversation = ?", arguments: [id, conversation])
            guard let row else { throw HistoryError.unknownMessage }
            let sequence: Int64 = row["sequence"]
            return Place(time: row["time"], sequence: side == .before ? sequence : sequence + 1)
        }
    }

    /// The rows at or after `from` and before `to`, in one range of the index.
    func rows(from: Place?, to: Place?, _ limit: Int, newestFirst: Bool) throws -> [StoredMessage] {
        let (low, high) = (from ?? Place(time: .min, sequence: .min), to ?? Place(time: .max, sequence: .max))
        return try StoredMessage.fetchAll(
            db.cachedStatement(sql: HistoryStore.pageSQL(view, newestFirst: newestFirst)),
            arguments: [conversation, low.time, low.sequence, high.time, high.sequence, limit])
    }
}
