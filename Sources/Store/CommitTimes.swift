import GRDB
import MainLoop
import Synchronization

/// How long commits take, from the moment that SQLite is told to until everything is on disk.
final class CommitTimes: TransactionObserver, Sendable {
    private struct State {
        var begun: ContinuousClock.Instant?
        var times = Histogram.ofWork
        var rollbacks = 0
    }

    private let state = Mutex(State())

    var times: Histogram { state.withLock { $0.times } }
    /// Transactions that were given up: the disk did not take them, or a rule of the database was broken.
    var rollbacks: Int { state.withLock { $0.rollbacks } }

    func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { false }

    func databaseDidChange(with event: DatabaseEvent) {}

    func databaseWillCommit() {
        state.withLock { $0.begun = .now }
    }

    func databaseDidCommit(_ db: Database) {
        state.withLock { state in
            if let begun = state.begun.take() { state.times.observe(.now - begun) }
        }
    }

    func databaseDidRollback(_ db: Database) {
        state.withLock { state in
            state.begun = nil
            state.rollbacks += 1
        }
    }
}
