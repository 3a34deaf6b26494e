import Foundation
import Logging
package import MainLoop
import Settings
package import Store

/// Deletes stored messages when their time is over.
@LoopActor
package enum Retention {
    private static let interval: Duration = .seconds(3600)
    private static let day: Int64 = 86_400_000

    /// Looks now and then every hour, for as long as `daemon` lives.
    static func start(daemon: Daemon) {
        Task { await prune(daemon) }
        daemon.clock.schedule(after: interval) { [weak daemon] in
            if let daemon, !daemon.isStopped { start(daemon: daemon) }
        }
    }

    private static func prune(_ daemon: Daemon) async {
        let days = daemon.settings.history.retentionDays
        do {
            let count = try await prune(daemon.ground.history, days: days, now: daemon.clock.wallMilliseconds)
            if count > 0 { daemon.logger.info("Deleted old messages", metadata: ["count": "\(count)", "days": "\(days)"]) }
        } catch {
            // A stop closes the database under it; what is left over is deleted after the next start.
            if !daemon.isStopped { daemon.logger.error("Old messages could not be deleted", metadata: ["error": "\(error)"]) }
        }
    }

    /// Deletes what is older than `days` days, in portions, so that the writer is free in between for what people say meanwhile.
    ///
    /// - Parameters:
    ///   - days: 0 keeps everything.
    ///   - now: milliseconds since 1970.
    /// - Returns: how many messages were deleted.
    package static func prune(_ history: HistoryStore, days: Int, now: Int64, portion: Int = 10_000) async throws -> Int {
        guard days > 0 else { return 0 }
        var total = 0
        while true {
            let count = try await history.prune(before: now - Int64(days) * day, limit: portion)
            guard count > 0 else { return total }
            total += count
        }
    }
}
