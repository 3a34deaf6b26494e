import Metrics

/// Counts how refreshes end, as `roost_broker_refreshes` by outcome.
struct RefreshMetrics: Sendable {
    enum Outcome: String, CaseIterable {
        case rotated, dead, unknown
        case notSent = "not_sent"
        /// Not sent, and the operator has to do something about it.
        case clientRefused = "client_refused"
        /// Rotated, but the rest of the answer was refused.
        case invalid
        /// Rotated, but the database did not take it.
        case unsaved
    }

    private let counters: [Outcome: Counter]

    init() {
        counters = Dictionary(
            uniqueKeysWithValues: Outcome.allCases.map {
                ($0, Counter(label: "roost_broker_refreshes", dimensions: [("outcome", $0.rawValue)]))
            })
    }

    func count(_ outcome: Outcome) {
        counters[outcome]?.increment()
    }
}
