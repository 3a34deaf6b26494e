import MainLoop
import Store

/// How much of the past one answer may hold. Everything of an answer is queued at once: one that is larger than the send queue would cut
/// off whoever asked, and others could bring that about with long messages.
extension [StoredMessage] {
    /// As many of the messages as fit into `bytes`, at least one.
    ///
    /// - Parameters:
    ///   - newest: whether those at the end stay, not those at the beginning.
    ///   - more: bytes of what belongs to a message and cannot be left out.
    func fitting(_ bytes: Int, newest: Bool, more: (StoredMessage) -> Int = { _ in 0 }) -> [StoredMessage] {
        var rest = bytes
        func fits(_ message: StoredMessage) -> Bool {
            rest -= message.cost + more(message)
            return rest >= 0
        }
        let kept = newest ? reversed().prefix(while: fits).count : prefix(while: fits).count
        return Array(newest ? suffix(Swift.max(1, kept)) : prefix(Swift.max(1, kept)))
    }
}

extension StoredMessage {
    /// Bytes that it takes on the wire, rather too many than too few.
    var cost: Int {
        let lines = text.count / 350 + 1 + text.count { $0 == UInt8(ascii: "\n") }
        return text.count + tags.utf8.count + parameters.utf8.count + lines * (source.utf8.count + 200)
    }
}

extension Session {
    /// Bytes of the past in one answer.
    var historyBudget: Int { rules.limits.sendQueue / 2 }
}

extension HistorySelector {
    /// Whether the rows that were asked for are counted from the newest one.
    var countsFromTheNewest: Bool {
        switch self {
        case .latest, .before: true
        case .after, .around: false
        case .between(.time(let first), .time(let second)): first > second
        // Of two ids nobody here knows which one came first; theirs sort by time.
        case .between(.id(let first), .id(let second)): first > second
        case .between: false
        }
    }
}
