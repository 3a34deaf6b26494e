import Synchronization

/// Holds requests until a test lets them go. Closed until ``open(_:)``.
package final class PeerGate: Sendable {
    /// How a held request goes on.
    package enum Verdict: Sendable {
        /// As if it had never been held.
        case proceed
        /// Its connection is reset where it stands: what was not done yet is never done.
        case drop
    }

    private struct State {
        var verdict: Verdict?
        var held: [CheckedContinuation<Verdict, Never>] = []
        var arrived = 0
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// How many requests came to the gate so far.
    package var arrivals: Int { state.withLock { $0.arrived } }

    /// Returns once `count` requests have come to the gate.
    package func arrived(_ count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let there = state.withLock { state in
                if state.arrived < count { state.watchers.append((count, continuation)) }
                return state.arrived >= count
            }
            if there { continuation.resume() }
        }
    }

    /// Lets all held requests go, and all that come later.
    package func open(_ verdict: Verdict = .proceed) {
        let held = state.withLock { state in
            state.verdict = state.verdict ?? verdict
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume(returning: verdict) }
    }

    /// Waits at the gate.
    func pass() async -> Verdict {
        await withCheckedContinuation { continuation in
            let (verdict, watchers) = state.withLock { state -> (Verdict?, [CheckedContinuation<Void, Never>]) in
                state.arrived += 1
                if state.verdict == nil { state.held.append(continuation) }
                let ready = state.watchers.filter { $0.count <= state.arrived }.map(\.continuation)
                state.watchers.removeAll { $0.count <= state.arrived }
                return (state.verdict, ready)
            }
            for watcher in watchers { watcher.resume() }
            if let verdict { continuation.resume(returning: verdict) }
        }
    }
}
