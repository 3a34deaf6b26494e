import ATProto
import Accounts
import Admin
import Broker
import Foundation
import Logging
package import MainLoop
import Push
import Server
package import Settings
import Sidecar
import Store
import Transport

/// The whole server: every part, started in the right order and stopped in the reverse one.
@LoopActor
package final class Daemon {
    package nonisolated static let version = Version.number

    private(set) var launch: Launch
    let ground: Ground
    let world: World
    let broker: Broker
    let edge: Edge
    let sidecar: Sidecar
    let fetcher: HardenedFetcher
    let authenticator: Authenticator
    let push: PushSender
    let diskProbe: DiskProbe
    /// How much is logged.
    let logLevel: LogLevel
    /// ``LoopClock/uptime`` of the start.
    let begun: Duration
    /// `nil` when there is no TLS port.
    package let certificates: CertificateKeeper?
    let ports: Ports
    package let orders: CertificateOrders
    /// `nil` when the data directory has too long a name for it.
    var adminSocket: AdminSocket?
    let supervisor: Supervisor
    let clock: any LoopClock
    let logger: Logger
    private(set) var isStopped = false
    /// What an operator asked for with DIE or RESTART; the first one counts.
    var stopRequest: StopRequest?
    let stopRequests = AsyncStream.makeStream(of: Void.self)
    /// Whether the master key is being changed at this moment.
    var changesMasterKey = false
    /// Whether a backup is being made at this moment.
    var makesBackup = false
    /// What to tell the person who started this server, when it runs for the first time.
    package internal(set) var banner: Banner?

    init(
        launch: Launch, ground: Ground, parts: Parts, edge: Edge, sidecar: Sidecar, certificates: CertificateKeeper?, ports: Ports,
        orders: CertificateOrders, supervisor: Supervisor, clock: any LoopClock, logger: Logger, logLevel: LogLevel
    ) {
        self.launch = launch
        self.ground = ground
        world = parts.world
        broker = parts.broker
        fetcher = parts.fetcher
        authenticator = parts.authenticator
        push = parts.push
        diskProbe = DiskProbe(clock: clock) { [database = ground.database] in try await database.tryToWrite() }
        begun = clock.uptime
        self.logLevel = logLevel
        self.edge = edge
        self.sidecar = sidecar
        self.certificates = certificates
        self.ports = ports
        self.orders = orders
        self.supervisor = supervisor
        self.clock = clock
        self.logger = logger
    }

    /// The settings in force.
    package var settings: Settings { launch.settings }

    func apply(_ settings: Settings) {
        launch.settings = settings
    }

    /// Addresses really listened on, as `listen.plain`, `listen.tls` and `listen.http` name them.
    package var addresses: (plain: [Endpoint], tls: [Endpoint], http: [Endpoint]) {
        (ports.plain.map { Endpoint($0) }, ports.tls.map { Endpoint($0) }, ports.http.map { Endpoint($0) })
    }

    /// Stops: closes the ports, says goodbye to every client, and puts everything on disk. Within `limits.shutdown_timeout`.
    package func stop(reason: String = "Server is shutting down") async {
        guard !isStopped else { return }
        isStopped = true
        // For a supervisor, a process that becomes the next server in its own place is one that reloads.
        supervisor.tell(stopRequest?.restarts == true ? [.reloading(), .status("Restarting")] : [.stopping, .status("Stopping")])
        let start = clock.uptime
        certificates?.stop()
        await ports.stop()
        await adminSocket?.stop()
        adminSocket = nil
        world.shutdown(reason: reason)
        sidecar.stop()
        let (edge, broker, fetcher, ground, world, orders) = (edge, broker, fetcher, ground, world, orders)
        // What people said comes first: it is a promise, and quick. Then the clients' last lines, and logins that are
        // half-way: cutting one of those costs its owner a new sign-in.
        let inTime = await TimeLimit.wait(settings.limits.shutdownTimeout, clock: clock) {
            await ground.historyWriter.flush()
            await world.flushRecords()
            await world.idle()
            await edge.openConnections.drained()
            await broker.shutdown()
            await orders.stop()
            await fetcher.shutdown()
            await ground.close()
        }
        if inTime {
            logger.notice("server.stopped", metadata: ["seconds": "\((clock.uptime - start).components.seconds)"])
        } else {
            logger.error("server.stop.timeout", metadata: ["limit": "\(settings.limits.shutdownTimeout)"])
        }
    }
}
