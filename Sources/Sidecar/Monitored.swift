package import MainLoop

/// What the routes for monitoring need of the daemon.
@LoopActor
package protocol Monitored: AnyObject {
    /// All metrics in the text format of Prometheus.
    func metrics() async -> String
    /// Whether people can be served.
    func readiness() async -> Readiness
}

/// Whether people can be served, and what stands in the way.
package struct Readiness: Sendable, Equatable, Encodable {
    /// What was looked at, and `ok` or what is wrong with it.
    package let checks: [String: String]

    package init(_ checks: [String: String]) {
        self.checks = checks
    }

    package var isReady: Bool { checks.values.allSatisfy { $0 == "ok" } }
}
