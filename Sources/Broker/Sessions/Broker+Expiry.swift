import Logging
import MainLoop
import Store

/// The end of sessions by time.
extension Broker {
    /// Sessions that are ended in one go: as many as may be given back at once.
    private static let portion = 20
    private static let interval: Duration = .seconds(3600)

    /// Ends what nobody used for too long or what is too old, and forgets what is over; then again every hour, and when the next
    /// one is too old.
    func expire() async throws {
        let now = clock.wallMilliseconds
        let idle = try await store.live(unusedSince: now - limits.sessionLifetime.milliseconds, limit: Self.portion)
        var count = try await ends.end(idle, reason: "not used for too long", closesConnections: false)
        if let age = limits.sessionAge {
            let old = try await store.live(openedBefore: now - age.milliseconds, limit: Self.portion)
            count += try await ends.end(old, reason: "too old, a new sign-in is needed")
        }
        if count > 0 { logger.info("session.expired", metadata: ["count": "\(count)"]) }
        _ = try await store.prune(deadSince: now - limits.deadLifetime.milliseconds)
        scheduleExpiry(after: count < Self.portion ? try await untilNextEnd(now) : .seconds(60))
    }

    /// Until a session is too old, and an hour at most. Those that are opened meanwhile live longer than that.
    private func untilNextEnd(_ now: Int64) async throws -> Duration {
        guard let age = limits.sessionAge, let oldest = try await store.oldestLive() else { return Self.interval }
        return min(Self.interval, max(.seconds(1), age + .milliseconds(oldest - now + 1)))
    }

    private func scheduleExpiry(after time: Duration) {
        clock.schedule(after: time) { [weak self] in
            guard let self, !isClosing else { return }
            Task { @LoopActor in
                do {
                    try await self.expire()
                } catch {
                    self.logger.error("broker.store.failed", metadata: ["error": "\(error)"])
                    self.scheduleExpiry(after: Self.interval)
                }
            }
        }
    }

    /// Whether the time of a session is over.
    func isOverdue(_ session: PDSSession) -> Bool {
        let now = clock.wallMilliseconds
        if now - session.usedAt > limits.sessionLifetime.milliseconds { return true }
        return limits.sessionAge.map { now - session.createdAt > $0.milliseconds } ?? false
    }
}
