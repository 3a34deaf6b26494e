import NIOCore
import NIOWebSocket
import Synchronization

/// The lines that a ``TestIRCClient`` got, and who waits for them.
final class TestIRCClientInbox: Sendable {
    private struct Waiter: Sendable {
        let what: String
        /// Nil: waits for the end.
        let matches: (@Sendable (String) -> Bool)?
        let promise: EventLoopPromise<String>
        /// It only looks: the lines are there for others still.
        var onlyLooks = false
        /// The lines before this one do not match.
        var scanned = 0
    }

    private struct State {
        var lines: [String] = []
        var taken = 0
        var end: TestIRCClient.End?
        var closeCode: WebSocketErrorCode?
        var waiters: [Int: Waiter] = [:]
        var nextWaiter = 0

        /// Takes the first line that satisfies `waiter`.
        mutating func take(for waiter: inout Waiter) -> String? {
            guard let matches = waiter.matches else { return nil }
            let index = lines[max(taken, waiter.scanned)...].firstIndex(where: matches)
            waiter.scanned = lines.count
            guard let index else { return nil }
            if !waiter.onlyLooks { taken = index + 1 }
            return lines[index]
        }

        /// Whom the last change satisfied.
        mutating func satisfied() -> [(EventLoopPromise<String>, Result<String, any Error>)] {
            var satisfied: [(EventLoopPromise<String>, Result<String, any Error>)] = []
            for (number, waiting) in waiters.sorted(by: { $0.key < $1.key }) {
                var waiter = waiting
                if let line = take(for: &waiter) {
                    satisfied.append((waiter.promise, .success(line)))
                } else if let end {
                    let failure = TestIRCClient.Failure.ended(end, waiter.what, lines: latest)
                    satisfied.append((waiter.promise, waiter.matches == nil ? .success("") : .failure(failure)))
                } else {
                    waiters[number] = waiter
                    continue
                }
                waiters[number] = nil
            }
            return satisfied
        }

        /// The last lines that were not taken, cut short, for messages.
        var latest: [String] { lines[taken...].suffix(20).map { String($0.prefix(200)) } }
    }

    private let state = Mutex(State())

    var lines: [String] { state.withLock { $0.lines } }

    var closeCode: WebSocketErrorCode? { state.withLock { $0.closeCode } }

    func next(_ what: String, on loop: any EventLoop, where matches: @escaping @Sendable (String) -> Bool, onlyLooking: Bool = false)
        async throws -> String
    {
        try await wait(what, on: loop, for: matches, onlyLooking: onlyLooking)
    }

    func waitForEnd(on loop: any EventLoop) async throws -> TestIRCClient.End {
        _ = try await wait("the end of the connection", on: loop, for: nil)
        return state.withLock { $0.end } ?? .closed
    }

    func received(_ line: String) {
        change { $0.lines.append(line) }
    }

    func received(_ code: WebSocketErrorCode) {
        change { $0.closeCode = code }
    }

    func ended(_ end: TestIRCClient.End) {
        change { state in
            if state.end == nil { state.end = end }
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let satisfied = state.withLock { state in
            body(&state)
            return state.satisfied()
        }
        for (promise, result) in satisfied { promise.completeWith(result) }
    }

    private func wait(_ what: String, on loop: any EventLoop, for matches: (@Sendable (String) -> Bool)?, onlyLooking: Bool = false)
        async throws -> String
    {
        let promise = loop.makePromise(of: String.self)
        let number = state.withLock { state in
            state.nextWaiter += 1
            state.waiters[state.nextWaiter] = Waiter(what: what, matches: matches, promise: promise, onlyLooks: onlyLooking)
            return state.nextWaiter
        }
        let alarm = loop.scheduleTask(in: TimeAmount(TestIRCClient.patience)) {
            let late = self.state.withLock { state in
                (state.waiters.removeValue(forKey: number), state.latest)
            }
            late.0?.promise.fail(TestIRCClient.Failure.timeout(what, lines: late.1))
        }
        defer { alarm.cancel() }
        change { _ in }
        return try await promise.futureResult.get()
    }
}
