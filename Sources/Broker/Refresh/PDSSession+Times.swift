import Store

/// What the times of a stored session say. None is believed that lies further ahead than ``horizon``: the clock was set back.
extension PDSSession {
    /// Milliseconds.
    private static let horizon: Int64 = 7_200_000

    var isDead: Bool { state != .live }

    /// Whether the access token has more than `margin` milliseconds left.
    func isFresh(margin: Int64, now: Int64) -> Bool {
        (now + margin + 1...now + Self.horizon).contains(accessExpiresAt)
    }

    /// Whether the access token is still in force: then the owner is proven although a refresh failed.
    func isVouchedFor(now: Int64) -> Bool { isFresh(margin: 0, now: now) }

    /// How long the session is to be left alone after failures; nil: not at all.
    func wait(now: Int64) -> Duration? {
        guard let retryAt, (now + 1...now + Self.horizon).contains(retryAt) else { return nil }
        return .milliseconds(retryAt - now)
    }
}
