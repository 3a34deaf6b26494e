import ATProto
import MainLoop
import OrderedCollections

/// The logins that wait for their callback, by state. In memory only: they live for minutes, and after a restart the
/// person signs in again.
@LoopActor
final class PendingLogins {
    private var logins: OrderedDictionary<String, (login: PendingLogin, until: Duration)> = [:]
    private var reserved = 0
    private let capacity: Int
    private let lifetime: Duration
    private let clock: any LoopClock

    init(capacity: Int, lifetime: Duration, clock: any LoopClock) {
        (self.capacity, self.lifetime, self.clock) = (capacity, lifetime, clock)
    }

    /// Keeps a place for a login that is being prepared. False when there is none: those on their way are not harmed by
    /// a flood of new ones. Each place is given back with ``release()``.
    func reserve() -> Bool {
        dropExpired()
        guard logins.count + reserved < capacity else { return false }
        reserved += 1
        return true
    }

    func release() {
        reserved -= 1
    }

    func insert(_ login: PendingLogin) {
        logins[login.request.state] = (login, clock.uptime + lifetime)
    }

    enum Taken {
        case login(PendingLogin)
        case unknown
        /// The login of another browser; it still waits for that one.
        case otherBrowser(PendingLogin)
    }

    /// The login of this state, which is forgotten at once: a state counts for one callback.
    ///
    /// - Parameter browser: the mark of the browser that asks.
    func take(_ state: String, browser: String?) -> Taken {
        dropExpired()
        guard let login = logins[state]?.login else { return .unknown }
        guard login.browser.admits(browser) else { return .otherBrowser(login) }
        logins[state] = nil
        return .login(login)
    }

    /// All lifetimes are equal, so the oldest expires first.
    private func dropExpired() {
        while let oldest = logins.values.first, oldest.until <= clock.uptime { logins.removeFirst() }
    }
}
