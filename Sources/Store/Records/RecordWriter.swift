package import Foundation
package import Logging
package import MainLoop

/// Writes what changed in memory to disk: at the end of the turn in which it changed, one commit at a time. What the disk does
/// not take is tried again until it does.
@LoopActor
package final class RecordWriter {
    private let store: RecordStore
    private let clock: any LoopClock
    private let logger: Logger
    /// What is to be stored under a key now; nil: nothing any more.
    package var document: (String) -> Data? = { _ in nil }
    private var changed: Set<String> = []
    private var commitInFlight: Task<Void, Never>?
    private var isScheduled = false
    private var failures = 0
    package private(set) var failedCommits = 0
    package var waitingRecords: Int { changed.count }

    package init(store: RecordStore, clock: any LoopClock, logger: Logger) {
        (self.store, self.clock, self.logger) = (store, clock, logger)
    }

    /// What is kept under `key` is no longer what memory holds.
    package func mark(_ key: String) {
        changed.insert(key)
        guard !isScheduled, commitInFlight == nil else { return }
        isScheduled = true
        clock.atEndOfTurn { [weak self] in self?.begin() }
    }

    /// Returns when everything marked before is on disk: true; or could not be written: false.
    package func flush() async -> Bool {
        for _ in 0..<3 {
            begin()
            guard let commitInFlight else { break }
            await commitInFlight.value
            if failures > 0 { return false }
        }
        return changed.isEmpty || failures == 0
    }

    private func begin() {
        isScheduled = false
        guard commitInFlight == nil, !changed.isEmpty else { return }
        let keys = changed
        changed = []
        let documents = Dictionary(uniqueKeysWithValues: keys.map { ($0, document($0)) })
        commitInFlight = Task { @LoopActor in
            do {
                try await store.put(documents)
                failures = 0
            } catch {
                failures += 1
                failedCommits += 1
                changed.formUnion(keys)
                logger.error("record.commit.failed", metadata: ["records": "\(keys.count)", "error": "\(error)"])
            }
            commitInFlight = nil
            goOn()
        }
    }

    private func goOn() {
        guard !changed.isEmpty else { return }
        guard failures > 0 else { return begin() }
        isScheduled = true
        clock.schedule(after: min(.seconds(30), .milliseconds(500) * (1 << min(failures, 6)))) { [weak self] in self?.begin() }
    }
}
