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
        _ launch: Launch, supervisor: Supervisor = .none, clock: any LoopClock = SystemClock(), logger: Logger
    ) async throws(StartError) -> Daemon {
        for warning in launch.settings.warnings { logger.warning("\(warning)") }
        let motd = try MessageOfTheDay.read(launch.settings)
        let data = try DataDirectory.prepare(launch.dataDirectory)
        let lock = try InstanceLock(data.lock)
        let files =
            launch.settings.listen.tls.isEmpty
            ? nil : try CertificateFiles.choose(launch.settings, in: data, now: clock.wallMilliseconds)
        let certificate = try files?.load()
        let keyFile = try launch.keyFile(in: data)
        if keyFile.path != data.secretKey, FileManager.default.fileExists(atPath: data.secretKey) {
            logger.warning("This key is not used any more: delete it once the server has started", metadata: ["path": "\(data.secretKey)"])
        }
        let ground = try await Ground.prepare(
            data, lock: lock, keyFile: keyFile, settings: launch.settings, clock: clock, logger: logger)
        do {
            let parts = try await Parts.build(launch.settings, motd: motd, ground: ground, clock: clock, logger: logger)
            let edge = Edge(server: parts.world, clock: clock, logger: logger, proxies: TrustedProxies(launch.settings.listen))
            let sidecar = Sidecar(
                SidecarConfiguration(launch.settings), broker: parts.broker, server: parts.world, tokens: ground.apiTokens, edge: edge)
            let current = certificate.map { CurrentCertificate($0) }
            let ports = try await Ports.bind(
                launch.settings, certificate: current, edge: edge, sidecar: sidecar, sockets: supervisor.sockets)
            let daemon = Daemon(
                launch: launch, ground: ground, parts: parts, edge: edge, sidecar: sidecar, certificate: current, ports: ports,
                supervisor: supervisor, clock: clock, logger: logger)
            try await daemon.open(files: files)
            return daemon
        } catch {
            await ground.close()
            throw error
        }
    }

    /// The last steps, once everything is there.
    private func open(files: CertificateFiles?) async throws(StartError) {
        let claimCode: ClaimCode?
        do {
            claimCode = try await FirstRun.claimCode(ground: ground)
        } catch {
            await ports.stop()
            throw StartError(ground.data.database, "cannot be written to: \(error)", remedy: "see whether the disk is full")
        }
        world.control = self
        world.startTimers()
        Retention.start(daemon: self)
        await ports.start()
        do {
            adminSocket = try await AdminSocket.bind(ground.data.adminSocket, server: self, clock: clock, logger: logger)
        } catch {
            logger.warning("No admin socket: \(error)", metadata: ["path": "\(ground.data.adminSocket)"])
        }
        let addresses = addresses
        for (what, list) in [("plain IRC", addresses.plain), ("IRC over TLS", addresses.tls), ("HTTP", addresses.http)] {
            for endpoint in list { logger.notice("Listening for \(what) on \(endpoint)") }
        }
        supervisor.tell([.ready, .status("Serving \(settings.server.name)")])
        banner = claimCode.map { code in
            Banner(
                settings: settings, plain: addresses.plain, tls: addresses.tls, http: addresses.http,
                fingerprint: certificate?.value.fingerprint, hasOwnCertificate: files?.isOwn ?? false, claimCode: code,
                dataDirectory: ground.data.path)
        }
    }
}
