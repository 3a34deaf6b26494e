/// Counts by key what may happen a few times an hour. Keys beyond ``keyLimit`` push out the one that was counted longest ago.
struct HourlyAllowance {
    static let keyLimit = 10_000

    private var windows: [String: (since: Duration, count: Int)] = [:]

    init() {}

    func allows(_ key: String, limit: Int, at now: Duration) -> Bool {
        guard let window = windows[key], now - window.since < .seconds(3600) else { return true }
        return window.count < limit
    }

    /// Counts one more, unless `limit` is reached.
    mutating func spend(_ key: String, limit: Int, at now: Duration) -> Bool {
        guard allows(key, limit: limit, at: now) else { return false }
        count(key, at: now)
        return true
    }

    mutating func count(_ key: String, at now: Duration) {
        if let window = windows[key], now - window.since < .seconds(3600) {
            windows[key] = (window.since, window.count + 1)
            return
        }
        windows[key] = (now, 1)
        guard windows.count > Self.keyLimit else { return }
        windows = windows.filter { now - $0.value.since < .seconds(3600) }
        if windows.count > Self.keyLimit, let oldest = windows.min(by: { $0.value.since < $1.value.since })?.key { windows[oldest] = nil }
    }
}
