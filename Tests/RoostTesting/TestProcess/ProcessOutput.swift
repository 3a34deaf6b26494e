import Foundation
import Synchronization

/// What a child process writes to one of its streams, as it comes. Keeps the newest part.
package final class ProcessOutput: Sendable {
    /// Bytes that are kept; older ones are dropped.
    package static let limit = 4 * 1024 * 1024

    private struct Waiter {
        let text: String
        let continuation: CheckedContinuation<String?, Never>
    }

    private struct State {
        var bytes = Data()
        var hasEnded = false
        var waiters: [Int: Waiter] = [:]
        var nextWaiter = 0

        /// The first whole line (at the end of the stream also the last, open one) that contains `text`.
        func line(containing text: String) -> String? {
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            return (hasEnded ? lines[...] : lines.dropLast()).first { $0.contains(text) }.map(String.init)
        }
    }

    private let state = Mutex(State())

    /// Reads the pipe to its end on a thread of its own, which ends with the writers.
    init(_ pipe: Pipe) {
        let handle = pipe.fileHandleForReading
        Thread.detachNewThread { [weak self] in
            while true {
                let data = handle.availableData
                self?.take(data)
                if data.isEmpty { return }
            }
        }
    }

    /// All that is kept.
    package var text: String { state.withLock { String(decoding: $0.bytes, as: UTF8.self) } }

    /// The first line that contains `text`; nil when the stream ends, or the task is cancelled, without one.
    package func line(containing text: String) async -> String? {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<String?, Never>) in
                let (isDone, line) = state.withLock { state -> (Bool, String?) in
                    let line = state.line(containing: text)
                    if line != nil || state.hasEnded || Task.isCancelled { return (true, line) }
                    state.waiters[number] = Waiter(text: text, continuation: continuation)
                    return (false, nil)
                }
                if isDone { continuation.resume(returning: line) }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: number) }?.continuation.resume(returning: nil)
        }
    }

    private func take(_ data: Data) {
        let ready = state.withLock { state -> [(Waiter, String?)] in
            state.bytes.append(data)
            if state.bytes.count > Self.limit { state.bytes = Data(state.bytes.suffix(Self.limit / 2)) }
            if data.isEmpty { state.hasEnded = true }
            var ready: [(Waiter, String?)] = []
            for (number, waiter) in state.waiters {
                let line = state.line(containing: waiter.text)
                guard line != nil || state.hasEnded else { continue }
                ready.append((waiter, line))
                state.waiters[number] = nil
            }
            return ready
        }
        for (waiter, line) in ready { waiter.continuation.resume(returning: line) }
    }
}
