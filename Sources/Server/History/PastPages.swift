import IRCProtocol
import MainLoop
import Store

/// Several conversations at once, for clients that do not ask for history conversation by conversation.
struct PastPages: Sendable {
    /// Where to look; each with the name of its channel, nil for a direct conversation.
    let places: [(conversation: String, channel: String?)]
    /// Whose direct conversations are looked through as well; nil: nobody's.
    let correspondent: String?
    /// Milliseconds since 1970; the first is part of the range, the second is not.
    let from: Int64
    let to: Int64
    /// Messages of each conversation, and of all together.
    let limit: Int
    let total: Int
    /// Bytes of all together.
    let budget: Int

    /// The newest messages of the range, oldest first.
    func read(_ store: HistoryStore) async throws -> [(message: StoredMessage, channel: String?)] {
        var all = places
        if let correspondent {
            let targets = try await store.targets(
                of: correspondent, channels: [], from: from - 1, to: .max, newestFirst: true, limit: 200)
            all += targets.map { ($0.conversation, nil) }
        }
        var found: [(message: StoredMessage, channel: String?)] = []
        for (conversation, channel) in all {
            // From the later bound towards the earlier one: then the newest ones are kept.
            let (page, subjects) = try await store.pageWithSubjects(
                conversation: conversation, .between(.time(to), .time(from - 1)), limit: limit)
            // Never more than the answer and one conversation are held.
            found = newest(found + page.asTheyStand(subjects).map { ($0, channel) })
        }
        return found
    }

    private func newest(_ found: [(message: StoredMessage, channel: String?)]) -> [(message: StoredMessage, channel: String?)] {
        guard !found.isEmpty else { return [] }
        let newest = found.sorted { $0.message.sequence < $1.message.sequence }.suffix(total)
        return newest.suffix(newest.map(\.message).fitting(budget, newest: true).count)
    }
}
