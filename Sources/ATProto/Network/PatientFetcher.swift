package import MainLoop
import OrderedCollections

/// Looks things up, and leaves alone those who asked for that: an origin that answered 429 or 503 with a `Retry-After` is not
/// asked again before, whoever wants to know. For look-ups only: a token that was rotated must get through.
@LoopActor
package final class PatientFetcher: Fetching {
    /// For longer nobody is left alone, so that one mistaken answer of a directory does not keep everybody out for an hour.
    package nonisolated static let longest: Duration = .seconds(300)

    private let fetcher: any Fetching
    private let clock: any LoopClock
    private let capacity: Int
    /// Until when, as uptime.
    private var quiet: OrderedDictionary<Origin, Duration> = [:]

    /// - Parameter capacity: how many origins are remembered; the one that asked first goes first.
    package nonisolated init(_ fetcher: any Fetching, clock: any LoopClock, capacity: Int = 1000) {
        (self.fetcher, self.clock, self.capacity) = (fetcher, clock, max(1, capacity))
    }

    /// How many origins are remembered.
    package var count: Int { quiet.count }

    /// Throws ``FetchError/askedToWait(_:)`` instead of such an answer, and as long as it holds.
    package func fetch(_ request: FetchRequest) async throws(FetchError) -> FetchResponse {
        guard let origin = Origin(of: request.url) else { return try await fetcher.fetch(request) }
        if let until = quiet[origin] {
            if until > clock.uptime { throw .askedToWait(until - clock.uptime) }
            quiet[origin] = nil
        }
        let response = try await fetcher.fetch(request)
        guard response.status == 429 || response.status == 503, let text = response.headers["retry-after"],
            let asked = RetryAfter.duration(text, now: clock.wallMilliseconds)
        else { return response }
        let wait = min(asked, Self.longest)
        quiet[origin] = clock.uptime + wait
        if quiet.count > capacity { quiet.removeFirst() }
        throw .askedToWait(wait)
    }
}
