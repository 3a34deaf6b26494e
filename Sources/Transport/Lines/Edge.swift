package import Logging
package import MainLoop

/// What all connections of the process share.
@LoopActor
package final class Edge {
    package let server: any LineServer
    package let clock: any LoopClock
    package let logger: Logger
    /// Who may connect for others; a reload may change it.
    package var proxies: TrustedProxies
    /// The IRC connections that are open, of all listeners.
    package let openConnections = OpenConnections()
    /// The accepted sockets of all listeners, whatever they are used for.
    package let sockets: SocketBudget
    /// How TLS handshakes ended.
    package internal(set) var handshakes = Tally<HandshakeResult>()

    /// - Parameter socketLimit: accepted sockets at once; nil: as the limit on open files allows. Raise that before.
    package init(
        server: any LineServer, clock: any LoopClock, logger: Logger, proxies: TrustedProxies = TrustedProxies(), socketLimit: Int? = nil
    ) {
        self.proxies = proxies
        self.server = server
        self.clock = clock
        self.logger = logger
        sockets = SocketBudget(limit: socketLimit, clock: clock, logger: logger)
    }
}

/// How a TLS handshake ended, as it is counted.
package enum HandshakeResult: String, Sendable, CaseIterable {
    case done, failed, timeout
    /// Too many were under way.
    case refused
}

/// Counts connections, so that a stop can wait for them.
@LoopActor
package final class OpenConnections {
    package private(set) var count = 0
    private var waiters: [CheckedContinuation<Void, Never>] = []

    package init() {}

    package func add() {
        count += 1
    }

    package func remove() {
        count -= 1
        guard count == 0 else { return }
        let waiters = self.waiters
        self.waiters = []
        for waiter in waiters { waiter.resume() }
    }

    /// Returns when none is open. Connections that are being closed need ``LineConnection/closeLimit`` at most.
    package func drained() async {
        guard count > 0 else { return }
        await withCheckedContinuation { waiters.append($0) }
    }
}
