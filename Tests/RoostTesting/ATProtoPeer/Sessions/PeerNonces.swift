/// The DPoP nonces of one server: the newest goes out with every answer, and it and the two before it are taken.
struct PeerNonces {
    private var accepted = [PeerText.secret("n-")]
    private var rotatedAt: Int64

    init(now: Int64) {
        rotatedAt = now
    }

    mutating func newest(now: Int64, lifetime: Duration) -> String {
        if now - rotatedAt >= lifetime.milliseconds { rotate(now: now) }
        return accepted[0]
    }

    mutating func accepts(_ nonce: String, now: Int64, lifetime: Duration) -> Bool {
        _ = newest(now: now, lifetime: lifetime)
        return accepted.contains(nonce)
    }

    /// Makes every nonce given out so far stale.
    mutating func forgetAll(now: Int64) {
        accepted = [PeerText.secret("n-")]
        rotatedAt = now
    }

    private mutating func rotate(now: Int64) {
        accepted = Array(([PeerText.secret("n-")] + accepted).prefix(3))
        rotatedAt = now
    }
}

/// Values that may be used once within a time.
struct PeerOnceTable {
    private var expiries: [String: Int64] = [:]

    /// Whether `value` is new; remembers it until `expiry` (milliseconds since 1970).
    mutating func insert(_ value: String, until expiry: Int64, now: Int64) -> Bool {
        if expiries.count >= 50_000 { expiries = expiries.filter { $0.value > now } }
        if let old = expiries[value], old > now { return false }
        expiries[value] = expiry
        return true
    }
}
