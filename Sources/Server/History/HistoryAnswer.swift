import Store

/// A page of history with what belongs to its messages but stands elsewhere in the history: later texts of them, and reactions.
struct HistoryAnswer: Sendable {
    /// Rows that follow one message at most; more of them are asked for by their place in the history.
    static let contextLimit = 32

    let messages: [StoredMessage]
    /// Whether something was left out because it would have been too much at once.
    let isCut: Bool
    /// By the id of the message that they belong to, oldest first (`draft/chathistory-context`).
    let context: [String: [StoredMessage]]

    /// - Parameters:
    ///   - subjects: all that belongs to `page`.
    ///   - view: whoever does not read events gets reactions folded into the messages instead.
    ///   - budget: bytes of all of it.
    ///   - newest: which end of the page stays when it is too much.
    init(_ page: [StoredMessage], subjects: [StoredMessage], view: HistoryView, budget: Int, newest: Bool) {
        messages = (view == .spoken ? page.folding(subjects) : page).fitting(budget, newest: newest)
        isCut = messages.count < page.count
        let ids = Set(page.map(\.id))
        let rest = subjects.filter { !ids.contains($0.id) && (view == .everything || $0.kind.isSpoken) }
        let room = budget - messages.reduce(0) { $0 + $1.cost }
        let fitting = room > 0 && !rest.isEmpty ? rest.fitting(room, newest: true) : []
        context = Dictionary(grouping: fitting) { $0.subject ?? "" }.mapValues { Array($0.suffix(Self.contextLimit)) }
    }
}
