import Store

/// A page of history with what belongs to its messages but stands elsewhere in the history: later texts of them, and reactions.
struct HistoryAnswer: Sendable {
    /// What a reader understands.
    struct Reader: Sendable {
        var view: HistoryView
        /// Whether it can be told what belongs to a message (`draft/chathistory-context`). Who cannot gets messages as they stand.
        var readsContext: Bool
    }

    /// Rows that follow one message at most; more of them are asked for by their place in the history.
    static let contextLimit = 32

    let messages: [StoredMessage]
    /// Whether there is no more of what was asked for.
    let isAll: Bool
    /// By the id of the row that they follow: the newest text of the message, then the newest reactions, oldest first.
    let context: [String: [StoredMessage]]

    /// - Parameters:
    ///   - subjects: all that belongs to `page`.
    ///   - reader: whoever does not read events gets reactions folded into the messages instead.
    ///   - limit: rows that were asked for; a page that is shorter is all there is.
    ///   - budget: bytes of all of it.
    ///   - newest: which end of the page stays when it is too much.
    init(_ page: [StoredMessage], subjects: [StoredMessage], reader: Reader, limit: Int, budget: Int, newest: Bool) {
        guard reader.readsContext else {
            let standing = page.asTheyStand(subjects)
            messages = standing.fitting(budget, newest: newest)
            isAll = page.count < limit && messages.count == standing.count
            context = [:]
            return
        }
        let ids = Set(page.map(\.id))
        let revisions = (page + subjects).newestRevisions
        let rows = reader.view == .spoken ? page.folding(subjects) : page
        messages = rows.fitting(budget, newest: newest) { row in
            revisions[row.root].map { ids.contains($0.id) ? 0 : $0.cost } ?? 0
        }
        isAll = page.count < limit && messages.count == page.count

        // What belongs to a message follows the last revision of it that is shown: else that one would be taken for the newest.
        let last = Dictionary(messages.map { ($0.root, $0.id) }) { $1 }
        let shown = Set(messages.map(\.id))
        var context: [String: [StoredMessage]] = [:]
        for (root, id) in last {
            if let revision = revisions[root], !shown.contains(revision.id) { context[id] = [revision] }
        }
        let room = budget - messages.reduce(0) { $0 + $1.cost } - context.values.joined().reduce(0) { $0 + $1.cost }
        let rest = subjects.filter { reader.view == .everything && !$0.kind.isSpoken && !ids.contains($0.id) }
        let fitting = room > 0 && !rest.isEmpty ? rest.fitting(room, newest: true) : []
        for (root, reactions) in Dictionary(grouping: fitting, by: { $0.subject ?? "" }) {
            guard let id = last[root] else { continue }
            context[id, default: []] += reactions.suffix(Self.contextLimit - context[id, default: []].count)
        }
        self.context = context
    }
}
