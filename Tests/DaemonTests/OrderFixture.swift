import Foundation
import Logging
import MainLoop
import RoostTesting
import Settings
import Synchronization
import Testing

@testable import Daemon

/// A daemon that has its certificate from an authority on loopback, with a clock that the test moves.
struct OrderFixture {
    let fixture: DaemonFixture
    let authority: ACMEAuthority
    let clock = VirtualClock()
    let log = EventLog()

    /// Sections for a configuration with `[acme]`; the port for challenges is one that the system picks.
    func sections(_ names: [String] = ["irc.example.com"], _ more: String = "") -> String {
        DaemonFixture.ports + """
            [acme]
            domains = [\(names.map { "\"\($0)\"" }.joined(separator: ", "))]
            email = "op@example.com"
            agree_to_terms = true
            directory = "\(authority.directory)"
            listen = ["127.0.0.1:0"]
            \(more)

            """
    }

    /// Starts a daemon and tells the authority where it is.
    ///
    /// - Parameter opens: whether the authority answers then.
    func withDaemon(opens: Bool = true, _ body: (Daemon) async throws -> Void) async throws {
        // Closed until it knows where to look.
        authority.change { [clock] in
            $0.now = { clock.wallMilliseconds }
            $0.isClosed = true
        }
        try await fixture.withDaemon(clock: clock, logger: Logger(label: "test") { [log] _ in log }) { daemon in
            let (http, tls) = await (daemon.orders.addresses.first?.port ?? 0, daemon.addresses.tls[0].port)
            authority.change { ($0.httpPort, $0.tlsPort, $0.isClosed) = (http, tls, !opens) }
            try await body(daemon)
        }
    }

    /// Moves the clock from one rest of the daemon to the next until `condition` holds.
    ///
    /// - Parameter steps: how often at most.
    func advance(_ daemon: Daemon, steps: Int = 100, by time: Duration = .seconds(20), until condition: (ACMERecords) async -> Bool) async {
        for _ in 0..<steps {
            await daemon.orders.resting()
            // The time limits of the connections that it makes go by the same clock.
            await authority.wait { $0.looks == $0.goodLooks + $0.badLooks }
            if await condition(authority.records) { return }
            await clock.advance(by: time)
        }
        Issue.record("it did not come to hold: \(authority.records)")
    }

    /// The names of the certificate that a client is shown.
    func fingerprint(_ daemon: Daemon, name: String? = "irc.example.com") async throws -> String {
        let port = await daemon.addresses.tls[0].port
        let client = try await TestIRCClient.connect(port: port, .tls(name: name))
        await client.close()
        return try #require(client.serverFingerprint)
    }
}

/// Keeps the names of what is logged.
struct EventLog: LogHandler {
    private let events = Store()

    private final class Store: Sendable {
        let names = Mutex<[String]>([])
    }

    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        events.names.withLock { $0.append("\(event.message)") }
    }

    /// How often `name` was logged.
    func count(_ name: String) -> Int { events.names.withLock { $0.count { $0 == name } } }
}

/// Runs `body` with a data directory and an authority.
func withOrders(
    _ options: ACMEAuthorityOptions = ACMEAuthorityOptions(), _ body: (OrderFixture) async throws -> Void
) async throws {
    try await withFixture { fixture in
        try await withACMEAuthority(options) { authority in
            let orders = OrderFixture(fixture: fixture, authority: authority)
            try fixture.configure(orders.sections())
            try await body(orders)
        }
    }
}
