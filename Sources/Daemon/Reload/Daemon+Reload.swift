import Logging
import MainLoop
import Server
import Settings
import Sidecar
import Transport

extension Daemon {
    /// What a reload did.
    package enum Reload: Equatable, Sendable {
        /// - Parameters:
        ///   - changed: names of keys that count from now on.
        ///   - waiting: names of changed keys that need a restart.
        ///   - certificate: whether another certificate is shown to new connections.
        case done(changed: [String], waiting: [String], certificate: Bool)
        /// Nothing changed. One line for each problem.
        case refused([String])

        /// What to tell whoever asked for it.
        var answer: ServiceAnswer {
            switch self {
            case .refused(let problems):
                return ServiceAnswer(lines: ["The configuration is not taken over; nothing has changed."] + problems, isRefusal: true)
            case .done(let changed, let waiting, let certificate):
                var lines = [changed.isEmpty ? "No setting has changed." : "Changed: \(changed.joined(separator: ", "))"]
                if !waiting.isEmpty { lines.append("Only after a restart: \(waiting.joined(separator: ", "))") }
                if certificate { lines.append("New connections get the new certificate.") }
                return ServiceAnswer(lines: lines)
            }
        }
    }

    /// Reads configuration, message of the day and certificates again. All of it is checked before any of it counts. HUP, REHASH and
    /// the admin socket all come here.
    @discardableResult
    package func reload() -> Reload {
        supervisor.tell([.reloading()])
        let result = tryReload()
        switch result {
        case .done(let changed, let waiting, let certificate):
            logger.notice("settings.reloaded", metadata: ["changed": "\(changed)", "certificate": "\(certificate ? "new" : "same")"])
            world.noteReload(changed: changed, waiting: waiting)
            supervisor.tell([.ready, .status("Serving \(settings.server.name)")])
            if !waiting.isEmpty { logger.warning("settings.waiting", metadata: ["keys": "\(waiting)"]) }
        case .refused(let problems):
            for problem in problems { logger.error("settings.refused", metadata: ["problem": "\(problem)"]) }
            supervisor.tell([.ready, .status("The new configuration was not taken: \(problems.first ?? "")")])
        }
        return result
    }

    private func tryReload() -> Reload {
        let inspection = launch.inspect()
        guard inspection.problems.isEmpty else { return .refused(inspection.problems.map(\.description)) }
        let change = SettingsChange(from: settings, to: inspection.settings)
        do {
            return .done(changed: change.applied, waiting: change.waiting, certificate: try take(change.settings))
        } catch {
            return .refused([error.description])
        }
    }

    /// - Returns: whether the certificate is another one.
    private func take(_ settings: Settings) throws(StartError) -> Bool {
        let motd = try MessageOfTheDay.read(settings)
        var isNew = false
        if let certificates {
            let files = try CertificateFiles.choose(settings, in: ground.data, now: clock.wallMilliseconds)
            let stamps = files.stamps
            isNew = certificates.take(try files.load(), from: files, stamps)
        }
        world.reconfigure(ServerConfiguration(settings, motd: motd))
        edge.proxies = TrustedProxies(settings.listen)
        sidecar.reconfigure(SidecarConfiguration(settings))
        orders.reconfigure(settings)
        // What the command line or `roost admin loglevel` said counts until the file says something new.
        if settings.log.level != self.settings.log.level { logLevel.value = Logger.Level(settings.log.level) }
        apply(settings)
        return isNew
    }
}
