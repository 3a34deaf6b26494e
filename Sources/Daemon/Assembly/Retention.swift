import Foundation
import Logging
package import MainLoop
import Server
import Settings
package import Store

/// Deletes stored messages, and codes that were sent by mail, when their time is over.
@LoopActor
package enum Retention {
    private static let interval: Duration = .seconds(3600)
    private static let day: Int64 = 86_400_000

    /// Looks now and then every hour, for as long as `daemon` lives.
    ///
    /// - Returns: what it does at once.
    @discardableResult
    static func start(daemon: Daemon) -> Task<Void, Never> {
        daemon.clock.schedule(after: interval) { [weak daemon] in
            if let daemon, !daemon.isStopped { start(daemon: daemon) }
        }
        return Task {
            await pruneCodes(daemon)
            await prune(daemon)
        }
    }

    /// Of codes nobody is told: what goes with them are addresses and hashes of passwords of people who did not come back.
    private static func pruneCodes(_ daemon: Daemon) async {
        do {
            _ = try await daemon.ground.accounts.pruneCodes(now: daemon.clock.wallMilliseconds)
        } catch {
            if !daemon.isStopped { daemon.logger.error("code.expiry.failed", metadata: ["error": "\(error)"]) }
        }
    }

    private static func prune(_ daemon: Daemon) async {
        let history = daemon.settings.history
        do {
            let (store, now) = (daemon.ground.history, daemon.clock.wallMilliseconds)
            var count = try await prune(store, days: history.retentionDays, now: now)
            let rules = daemon.world.historyRules
            count += try await prune(store, messages: history.retentionMessages, rules: rules, now: now)
            if count > 0 { daemon.logger.info("history.expired", metadata: ["count": "\(count)"]) }
        } catch {
            // A stop closes the database under it; what is left over is deleted after the next start.
            if !daemon.isStopped { daemon.logger.error("history.expiry.failed", metadata: ["error": "\(error)"]) }
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
        return try await repeating { try await history.prune(before: now - Int64(days) * day, limit: portion) }
    }

    /// Deletes of each conversation what is more than it may keep.
    ///
    /// - Parameters:
    ///   - messages: how many each keeps; 0: all.
    ///   - rules: what channels say of themselves, by conversation.
    package static func prune(
        _ history: HistoryStore, messages: Int, rules: [String: (messages: Int?, days: Int?)], now: Int64, portion: Int = 10_000
    ) async throws -> Int {
        var (total, place) = (0, "")
        // Without a limit for all, only those that have one of their own are looked at.
        var rest = messages > 0 ? [] : rules.keys.sorted()[...]
        while let next = messages > 0 ? try await history.conversation(after: place) : rest.popFirst() {
            place = next
            let rule = rules[next]
            let keep = [rule?.messages, messages > 0 ? messages : nil].compactMap(\.self).min()
            let since = rule?.days.map { now - Int64($0) * day }
            guard keep != nil || since != nil else { continue }
            total += try await repeating { try await history.prune(next, keeping: keep, since: since, limit: portion) }
        }
        return total
    }

    private static func repeating(_ portion: () async throws -> Int) async throws -> Int {
        var total = 0
        while true {
            let count = try await portion()
            guard count > 0 else { return total }
            total += count
        }
    }
}
