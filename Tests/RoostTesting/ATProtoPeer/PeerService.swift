import NIOCore
import Synchronization

/// Answers requests: holds the state behind a lock of its own, so that a loop the daemon blocks never blocks the peer.
final class PeerService: Sendable {
    private struct Guarded {
        var state: PeerState
        var watchers: [(condition: @Sendable (PeerCounters) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
        var gates: [PeerGate] = []
        var running: [Int: Task<Void, Never>] = [:]
        var isStopping = false
    }

    private let guarded: Mutex<Guarded>
    private let executor: PeerExecutor

    init(_ state: PeerState, executor: PeerExecutor) {
        self.executor = executor
        guarded = Mutex(Guarded(state: state))
    }

    /// Reads or changes the state, and wakes whoever waits for what it came to.
    func update<Result: Sendable>(_ body: @Sendable (inout PeerState) -> Result) -> Result {
        let (result, ready) = guarded.withLock { guarded -> (Result, [CheckedContinuation<Void, Never>]) in
            let result = body(&guarded.state)
            let counters = guarded.state.records.counters
            let ready = guarded.watchers.filter { $0.condition(counters) }.map(\.continuation)
            if !ready.isEmpty { guarded.watchers.removeAll { $0.condition(counters) } }
            return (result, ready)
        }
        for continuation in ready { continuation.resume() }
        return result
    }

    /// Returns once the counters fulfil the condition, or when the peer stops.
    func wait(until condition: @escaping @Sendable (PeerCounters) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isDone = guarded.withLock { guarded in
                if guarded.isStopping || condition(guarded.state.records.counters) { return true }
                guarded.watchers.append((condition, continuation))
                return false
            }
            if isDone { continuation.resume() }
        }
    }

    func add(_ fault: PeerFault) {
        guarded.withLock { guarded in
            guarded.state.faults.add(fault)
            if case .hold(let gate, _) = fault.action { guarded.gates.append(gate) }
        }
    }

    /// Works on a request on the peer's loop, and calls back there with the answer; nil asks for a reset of the connection.
    func answer(_ request: PeerRequest, _ reply: @escaping @Sendable (PeerResponse?) -> Void) {
        let exchange = update { $0.begin(request) }
        guarded.withLock { guarded in
            guard !guarded.isStopping else { return }
            guarded.running[exchange.sequence] = Task(executorPreference: executor) {
                let response = await self.run(exchange)
                let answer = self.update { $0.end(exchange, response) }
                self.guarded.withLock { $0.running[exchange.sequence] = nil }
                self.executor.loop.execute { reply(answer) }
            }
        }
    }

    private func run(_ exchange: PeerExchange) async -> PeerResponse? {
        guard await passes(exchange, .before) else { return nil }
        if let canned = exchange.canned(.before) { return exchange.deformed(canned) }
        let outcome = update { $0.work(exchange) }
        guard await passes(exchange, .middle) else { return nil }
        let response =
            switch outcome {
            case .answer(let response): response
            case .rotation(let rotation): finish(rotation)
            }
        guard await passes(exchange, .after) else { return nil }
        return exchange.deformed(exchange.canned(.after) ?? response)
    }

    private func finish(_ rotation: PeerRotation) -> PeerResponse {
        update { state in
            do throws(PeerOAuthFailure) {
                return try state.finishRefresh(rotation)
            } catch {
                return error.response
            }
        }
    }

    /// Whether the exchange survives the waits of a stage.
    private func passes(_ exchange: PeerExchange, _ stage: PeerFault.Stage) async -> Bool {
        for wait in exchange.waits(stage) {
            switch wait {
            case .latency(let duration, _):
                do {
                    try await Task.sleep(for: duration)
                } catch {
                    return false
                }
            case .hold(let gate, _):
                if case .drop = await gate.pass() { return false }
            default: return false
            }
        }
        return true
    }

    /// Drops what is under way, opens all gates and returns when nothing runs any more.
    func stop() async {
        let (gates, tasks, watchers) = guarded.withLock { guarded in
            guarded.isStopping = true
            defer { guarded.watchers = [] }
            return (guarded.gates, Array(guarded.running.values), guarded.watchers.map(\.continuation))
        }
        for watcher in watchers { watcher.resume() }
        for task in tasks { task.cancel() }
        for gate in gates { gate.open(.drop) }
        for task in tasks { await task.value }
    }
}
