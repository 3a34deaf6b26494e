import MainLoop

/// Lets a bounded number of refreshes run, in all and at each authorization server. The others wait in the order they
/// came; one whose server is busy does not hold up those behind it.
@LoopActor
final class RefreshGate {
    private var running: [String: Int] = [:]
    private var total = 0
    private var waiting: [(issuer: String, continuation: CheckedContinuation<Void, Never>)] = []
    private let perIssuer: Int
    private let capacity: Int

    /// The number of waiters is bounded by the caller.
    init(perIssuer: Int, total capacity: Int) {
        (self.perIssuer, self.capacity) = (max(1, perIssuer), max(1, capacity))
    }

    /// Returns when the caller may go on. Each return is paired with one ``leave(_:)``.
    func enter(_ issuer: String) async {
        if hasRoom(issuer) { return count(issuer) }
        await withCheckedContinuation { waiting.append((issuer, $0)) }
    }

    func leave(_ issuer: String) {
        total -= 1
        running[issuer, default: 1] -= 1
        if running[issuer] == 0 { running[issuer] = nil }
        while total < capacity, let next = waiting.firstIndex(where: { hasRoom($0.issuer) }) {
            let waiter = waiting.remove(at: next)
            count(waiter.issuer)
            waiter.continuation.resume()
        }
    }

    private func hasRoom(_ issuer: String) -> Bool {
        total < capacity && running[issuer, default: 0] < perIssuer
    }

    private func count(_ issuer: String) {
        total += 1
        running[issuer, default: 0] += 1
    }
}
