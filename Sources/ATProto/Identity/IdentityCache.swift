package import MainLoop
import OrderedCollections

/// Remembers answers for a while and lets all who ask the same at once share one look-up. Bounded.
@LoopActor
package final class IdentityCache<Key: Hashable & Sendable, Value: Sendable> {
    private typealias Answer = Result<Value, IdentityError>

    private struct Entry {
        let answer: Answer
        let expiresAt: Duration
        /// The number of the look-up that it comes from.
        let flight: UInt64
    }

    private let clock: any LoopClock
    private let capacity: Int
    private let lifetime: Duration
    private let failureLifetime: Duration
    private var entries: OrderedDictionary<Key, Entry> = [:]
    private var flights: [Key: Task<Answer, Never>] = [:]
    private var flightCount: UInt64 = 0

    /// - Parameter failureLifetime: of failures that are not temporary; those are not remembered at all.
    package nonisolated init(
        clock: any LoopClock, capacity: Int, lifetime: Duration = .seconds(300), failureLifetime: Duration = .seconds(45)
    ) {
        (self.clock, self.capacity, self.lifetime, self.failureLifetime) = (clock, capacity, lifetime, failureLifetime)
    }

    /// - Parameter fresh: do not take a remembered answer. A look-up that began before is not taken either.
    package func value(
        _ key: Key, fresh: Bool, _ lookUp: @escaping @Sendable () async throws(IdentityError) -> Value
    ) async throws(IdentityError) -> Value {
        if !fresh {
            if let entry = entries[key], entry.expiresAt > clock.uptime { return try entry.answer.get() }
            if let flight = flights[key] { return try await flight.value.get() }
        }
        flightCount += 1
        let number = flightCount
        let flight = Task { @LoopActor () -> Answer in
            let answer: Answer
            do throws(IdentityError) { answer = .success(try await lookUp()) } catch { answer = .failure(error) }
            store(answer, for: key, of: number)
            return answer
        }
        flights[key] = flight
        let answer = await flight.value
        if flights[key] == flight { flights[key] = nil }
        return try answer.get()
    }

    package var count: Int { entries.count }

    private func store(_ answer: Answer, for key: Key, of flight: UInt64) {
        // A look-up that began earlier and took longer knows less.
        if let entry = entries[key], entry.flight > flight { return }
        let lifetime: Duration
        switch answer {
        case .success: lifetime = self.lifetime
        case .failure(let error):
            // A passing fault is no knowledge; the last good answer stays as long as it would have.
            if error.isTemporary { return }
            lifetime = failureLifetime
        }
        entries.removeValue(forKey: key)
        entries[key] = Entry(answer: answer, expiresAt: clock.uptime + lifetime, flight: flight)
        if entries.count > capacity { entries.removeFirst() }
    }
}
