/// How far somebody has read, by the folded name of the channel, or of the correspondent in a conversation (draft/read-marker). Times in
/// milliseconds since 1970; they only ever grow.
struct ReadMarkers {
    private var times: [String: Int64] = [:]

    var count: Int { times.count }

    subscript(target: String) -> Int64? { times[target] }

    /// Moves a marker forward; the oldest one gives way when there are more than `limit`. Returns whether it moved.
    mutating func advance(_ target: String, to time: Int64, limit: Int) -> Bool {
        if let known = times[target], known >= time { return false }
        times[target] = time
        if times.count > limit, let oldest = times.min(by: { $0.value < $1.value })?.key { times[oldest] = nil }
        return true
    }

    /// A channel has another name.
    mutating func rename(_ target: String, to other: String) {
        guard let time = times.removeValue(forKey: target) else { return }
        times[other] = time
    }

    /// Takes over what is stored of the account.
    mutating func adopt(_ stored: [String: Int64]) {
        times = stored
    }
}
