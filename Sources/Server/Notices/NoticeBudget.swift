import IRCProtocol

/// How many notices of each kind there may be within one second: an attack must not hide what else happens. What is left out is counted.
struct NoticeBudget {
    /// Of one kind, within one sweep of the timers.
    static let limit = 10

    private var sent: [NoticeKind: Int] = [:]
    private var left: [NoticeKind: Int] = [:]

    /// Whether one more may be sent now.
    mutating func spend(_ kind: NoticeKind) -> Bool {
        if sent[kind, default: 0] < Self.limit {
            sent[kind, default: 0] += 1
            return true
        }
        left[kind, default: 0] += 1
        return false
    }

    /// Begins a new second. Returns how many of each kind were left out in the one before.
    mutating func renew() -> [(kind: NoticeKind, count: Int)] {
        let result = left.sorted { $0.key.letter < $1.key.letter }.map { (kind: $0.key, count: $0.value) }
        (sent, left) = ([:], [:])
        return result
    }
}
