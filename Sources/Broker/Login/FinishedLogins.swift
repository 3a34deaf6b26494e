import MainLoop
import OrderedCollections

/// The outcomes of callbacks, for the browsers that make the same callback two or three times. The repeats get what
/// the first one got, also while that is still being worked out.
@LoopActor
final class FinishedLogins {
    private struct Entry {
        let callback: LoginCallback
        let browser: BrowserMark
        let outcome: Task<LoginOutcome, Never>
    }

    private var entries: OrderedDictionary<String, Entry> = [:]
    private let capacity: Int
    private let window: Duration
    private let clock: any LoopClock

    /// - Parameters:
    ///   - capacity: how many are held; the oldest goes first.
    ///   - window: how long one is held after it was finished. It contains bearer tokens, so it is dropped by a timer.
    init(capacity: Int, window: Duration, clock: any LoopClock) {
        (self.capacity, self.window, self.clock) = (max(1, capacity), window, clock)
    }

    /// What the callback with this state led to.
    enum Known {
        case never
        case same(Task<LoginOutcome, Never>)
        /// The state was used with another code or by another browser: not a repeat, and no business of this caller.
        case other
    }

    func find(_ callback: LoginCallback, state: String, browser: String?) -> Known {
        guard let entry = entries[state] else { return .never }
        return entry.callback == callback && entry.browser.admits(browser) ? .same(entry.outcome) : .other
    }

    func insert(_ outcome: Task<LoginOutcome, Never>, of callback: LoginCallback, state: String, browser: BrowserMark) {
        entries[state] = Entry(callback: callback, browser: browser, outcome: outcome)
        if entries.count > capacity { entries.removeFirst() }
    }

    /// Starts the window of a finished callback.
    func finish(state: String) {
        clock.schedule(after: window) { [weak self] in self?.entries[state] = nil }
    }
}
