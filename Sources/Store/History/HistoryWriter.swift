import DequeModule
package import Logging
package import MainLoop

/// Commits messages in groups: at the latest ``maximumDelay`` after the first one that waits, at the earliest when
/// ``maximumRows`` wait. Nothing is lost while the disk takes rows again before the backlog is full.
@LoopActor
package final class HistoryWriter {
    /// Rows that may wait for a disk that does not take them; then the oldest are dropped, and that is logged.
    package nonisolated static let backlogLimit = 100_000

    private let clock: any LoopClock
    private let logger: Logger
    private let maximumDelay: Duration
    private let maximumRows: Int
    private let commit: @Sendable ([StoredMessage]) async throws -> Void
    private let backlog: Int
    private var waiting: Deque<StoredMessage> = []
    private var timerIsSet = false
    private var commitInFlight: Task<Void, Never>?
    private var failures = 0
    /// Rows that were lost because the disk did not take them for too long.
    package private(set) var droppedRows = 0
    package private(set) var writtenRows = 0
    package private(set) var failedCommits = 0
    /// How long the oldest row of each commit had waited for it to be done.
    package private(set) var delays = Histogram.ofWork
    package var waitingRows: Int { waiting.count }
    /// Whether the disk did not take the last rows.
    package var isFailing: Bool { failures > 0 }

    /// - Parameters:
    ///   - commit: stores rows in one transaction.
    package init(
        clock: any LoopClock, logger: Logger, maximumDelay: Duration = .milliseconds(50), maximumRows: Int = 1000,
        backlog: Int = HistoryWriter.backlogLimit, commit: @escaping @Sendable ([StoredMessage]) async throws -> Void
    ) {
        self.clock = clock
        self.logger = logger
        self.maximumDelay = maximumDelay
        self.maximumRows = maximumRows
        self.backlog = backlog
        self.commit = commit
    }

    /// A writer into `store`.
    package convenience init(store: HistoryStore, clock: any LoopClock, logger: Logger, maximumDelay: Duration = .milliseconds(50)) {
        self.init(clock: clock, logger: logger, maximumDelay: maximumDelay) { try await store.append($0) }
    }

    /// Takes a message. It is on disk after the next commit.
    package func append(_ message: StoredMessage) {
        waiting.append(message)
        if waiting.count > backlog {
            waiting.removeFirst()
            droppedRows += 1
            if droppedRows == 1 || droppedRows.isMultiple(of: 1000) {
                logger.critical("history.dropped", metadata: ["rows": "\(droppedRows)", "reason": "the disk does not take them"])
            }
        }
        if waiting.count >= maximumRows, failures == 0 { begin() } else { setTimer() }
    }

    /// Returns when everything that waited at the call has been committed, or could not be.
    package func flush() async {
        var rounds = waiting.count / maximumRows + 2
        while rounds > 0, commitInFlight != nil || !waiting.isEmpty {
            begin()
            await commitInFlight?.value
            if failures > 0 { return }
            rounds -= 1
        }
    }

    private func setTimer() {
        guard !timerIsSet, commitInFlight == nil else { return }
        timerIsSet = true
        let delay = failures == 0 ? maximumDelay : min(.seconds(30), .milliseconds(250) * (1 << min(failures, 7)))
        clock.schedule(after: delay) { [weak self] in
            guard let self else { return }
            timerIsSet = false
            begin()
        }
    }

    private func begin() {
        guard commitInFlight == nil, !waiting.isEmpty else { return }
        let rows = Array(waiting.prefix(maximumRows))
        waiting.removeFirst(rows.count)
        commitInFlight = Task { @LoopActor in
            do {
                try await commit(rows)
                failures = 0
                writtenRows += rows.count
                delays.observe(.milliseconds(max(0, clock.wallMilliseconds - (rows.first?.time ?? 0))))
            } catch {
                failures += 1
                failedCommits += 1
                logger.error("history.commit.failed", metadata: ["rows": "\(rows.count)", "error": "\(error)"])
                waiting.prepend(contentsOf: rows)
            }
            commitInFlight = nil
            if !waiting.isEmpty { if failures == 0, waiting.count >= maximumRows { begin() } else { setTimer() } }
        }
    }
}
