package import Logging
package import Server

/// What REHASH, DIE and RESTART do.
extension Daemon: ServerControl {
    /// How an operator wants the server to end.
    struct StopRequest: Sendable {
        var reason: String
        var restarts: Bool
    }

    package func rehash() async -> ServiceAnswer { reload().answer }

    package var leastLogged: Logger.Level {
        get { logLevel.value }
        set { logLevel.value = newValue }
    }

    package func stop(reason: String, restarting: Bool) {
        guard stopRequest == nil else { return }
        stopRequest = StopRequest(reason: reason, restarts: restarting)
        stopRequests.continuation.yield()
    }
}
