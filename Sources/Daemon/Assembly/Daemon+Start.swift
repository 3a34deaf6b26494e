import Admin
import Foundation
package import Logging
package import MainLoop
import Server
import Settings
import Sidecar
import Store
import Transport

extension Daemon {
    /// Starts a server. When it returns, every port accepts; when it throws, none is open and nothing runs.
    ///
    /// - Parameter supervisor: what started the process.
    /// - Throws: ``StartError``.
    package static func start(
        _ launch: Launch, supervisor: Supervisor = .none, clock: any LoopClock = SystemClock(), logger: Logger,
        logLevel: LogLevel = LogLevel()
    ) async throws(StartError) -> Daemon {
        for warning in launch.warnings { logger.warning("settings.warning", metadata: ["text": "\(warning)"]) }
        let motd = try MessageOfTheDay.read(launch.settings)
        let data = try DataDirectory.prepare(launch.dataDirectory)
        let lock = try InstanceLock(data.lock)
        let certificates =
            launch.settings.listen.tls.isEmpty
            ? nil
            : try CertificateKeeper(
                CertificateFiles.choose(launch.settings, in: data, now: clock.wallMilliseconds), clock: clock, logger: logger)
        let keyFile = try launch.keyFile(in: data)
        if keyFile.path != data.secretKey, FileManager.default.fileExists(atPath: data.secretKey) {
            logger.warning("key.unused", metadata: ["path": "\(data.secretKey)"])
        }
        let ground = try await Ground.prepare(
            data, lock: lock, keyFile: keyFile, settings: launch.settings, clock: clock, logger: logger)
        do {
            let parts = try await Parts.build(launch.settings, motd: motd, ground: ground, clock: clock, logger: logger)
            let edge = Edge(server: parts.world, clock: clock, logger: logger, proxies: TrustedProxies(launch.settings.listen))
            let sidecar = Sidecar(
                SidecarConfiguration(launch.settings), broker: parts.broker, server: parts.world, tokens: ground.apiTokens, edge: edge)
            let ports = try await Ports.bind(
                launch.settings, certificates: certificates?.current, edge: edge, sidecar: sidecar, sockets: supervisor.sockets)
            let orders = CertificateOrders(
                launch.settings, data: data, keeper: certificates, sidecar: sidecar, sockets: supervisor.sockets, clock: clock,
                logger: logger)
            let daemon = Daemon(
                launch: launch, ground: ground, parts: parts, edge: edge, sidecar: sidecar, certificates: certificates, ports: ports,
                orders: orders, supervisor: supervisor, clock: clock, logger: logger, logLevel: logLevel)
            try await daemon.open()
            return daemon
        } catch {
            certificates?.stop()
            await ground.close()
            throw error
        }
    }

    /// The last steps, once everything is there.
    private func open() async throws(StartError) {
        let claimCode: ClaimCode?
        do {
            claimCode = try await FirstRun.claimCode(ground: ground)
        } catch {
            await ports.stop()
            throw StartError(ground.data.database, "cannot be written to: \(error)", remedy: "see whether the disk is full")
        }
        world.control = self
        sidecar.monitored = self
        sidecar.control = self
        world.startTimers()
        Retention.start(daemon: self)
        await ports.start()
        await orders.start()
        do {
            adminSocket = try await AdminSocket.bind(ground.data.adminSocket, server: self, clock: clock, logger: logger)
        } catch {
            logger.warning("admin.unavailable", metadata: ["path": "\(ground.data.adminSocket)", "error": "\(error)"])
        }
        let addresses = addresses
        for (what, list) in [("plain", addresses.plain), ("tls", addresses.tls), ("http", addresses.http)] {
            for endpoint in list { logger.notice("listener.bound", metadata: ["address": "\(endpoint)", "kind": "\(what)"]) }
        }
        supervisor.tell([.ready, .status("Serving \(settings.server.name)")])
        banner = claimCode.map { code in
            Banner(
                settings: settings, plain: addresses.plain, tls: addresses.tls, http: addresses.http,
                fingerprint: certificates?.certificates.first.fingerprint, hasOwnCertificate: certificates?.isOwn ?? false, claimCode: code,
                dataDirectory: ground.data.path)
        }
    }
}
