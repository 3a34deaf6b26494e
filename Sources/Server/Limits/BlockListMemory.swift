import DequeModule

/// What block lists said of addresses, for a while; the oldest make room.
struct BlockListMemory {
    static let limit = 10_000
    /// How long an answer counts.
    static let life: Duration = .seconds(600)

    private var known: [String: (list: BlockList?, until: Duration)] = [:]
    private var order: Deque<String> = []

    init() {}

    var count: Int { known.count }

    /// What is known of `address`: the list that it is on, or none; nil when nothing is known.
    func recall(_ address: String, at now: Duration) -> BlockList?? {
        known[address].flatMap { $0.until > now ? .some($0.list) : nil }
    }

    mutating func note(_ address: String, _ list: BlockList?, at now: Duration) {
        if known.updateValue((list, now + Self.life), forKey: address) == nil { order.append(address) }
        if order.count > Self.limit, let oldest = order.popFirst() { known[oldest] = nil }
    }

    mutating func forgetAll() {
        known = [:]
        order = []
    }
}
