import DequeModule
import IRCProtocol

/// Who was here: the newest first, a bounded number in all.
struct WhowasList {
    struct Entry {
        var nick: Nickname
        var user: String
        var host: String
        var realname: String
        var account: String?
        /// The real address, for operators.
        var address: String
        /// Milliseconds since 1970.
        var leftAt: Int64
    }

    private var entries: Deque<Entry> = []
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    mutating func add(_ entry: Entry) {
        entries.prepend(entry)
        if entries.count > limit { entries.removeLast() }
    }

    /// The entries of one nickname, newest first; `count` of 0 or less means all (RFC 2812 section 3.6.3).
    func find(_ nick: String, count: Int) -> [Entry] {
        let folded = CaseMapping.fold(nick)
        let found = entries.lazy.filter { $0.nick.folded == folded }
        return count > 0 ? Array(found.prefix(count)) : Array(found)
    }
}
