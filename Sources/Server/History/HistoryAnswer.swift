import Store

/// A page of history with what belongs to its messages but stands elsewhere in the history: later texts of them, and reactions.
struct HistoryAnswer: Sendable {
    /// Rows that follow one message at most; more of them are asked for by their place in the history.
    static let contextLimit = 64

    let messages: [StoredMessage]
    /// By the id of the message that they belong to, oldest first (`draft/chathistory-context`).
    let context: [String: [StoredMessage]]

    /// - Parameters:
    ///   - subjects: all that belongs to `page`.
    ///   - view: whoever does not read events gets reactions folded into the messages instead.
    init(_ page: [StoredMessage], subjects: [StoredMessage], view: HistoryView) {
        messages = view == .spoken ? page.folding(subjects) : page
        let ids = Set(page.map(\.id))
        let rest = subjects.filter { !ids.contains($0.id) && (view == .everything || $0.kind.isSpoken) }
        context = Dictionary(grouping: rest) { $0.subject ?? "" }.mapValues { Array($0.suffix(Self.contextLimit)) }
    }
}
