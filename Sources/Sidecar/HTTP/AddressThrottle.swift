/// Counts what addresses did in fixed windows, for a bounded number of addresses.
struct AddressThrottle {
    private struct Window {
        var start: Duration
        var count: Int
    }

    private let limit: Int
    private let span: Duration
    private let capacity: Int
    private var windows: [String: Window] = [:]

    /// - Parameters:
    ///   - limit: how often per window; then an address has to wait.
    ///   - capacity: addresses that are remembered; beyond that the one whose window began first is forgotten.
    init(limit: Int, span: Duration, capacity: Int) {
        self.limit = limit
        self.span = span
        self.capacity = capacity
    }

    /// How long `key` has to wait; nil: it need not.
    func wait(for key: String, at now: Duration) -> Duration? {
        guard let window = windows[key], now - window.start < span, window.count >= limit else { return nil }
        return window.start + span - now
    }

    mutating func count(_ key: String, at now: Duration) {
        if let window = windows[key], now - window.start < span {
            windows[key] = Window(start: window.start, count: window.count + 1)
            return
        }
        if windows.count >= capacity, windows[key] == nil { makeRoom(at: now) }
        windows[key] = Window(start: now, count: 1)
    }

    /// How many addresses are remembered.
    var addresses: Int { windows.count }

    private mutating func makeRoom(at now: Duration) {
        windows = windows.filter { now - $0.value.start < span }
        if windows.count >= capacity, let oldest = windows.min(by: { $0.value.start < $1.value.start })?.key { windows[oldest] = nil }
    }
}
