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
    }

    /// Reads configuration, message of the day and certificate again. All of it is checked before any of it counts.
    @discardableResult
    package func reload() -> Reload {
        supervisor.tell([.reloading()])
        let result = tryReload()
        switch result {
        case .done(let changed, let waiting, let certificate):
            logger.notice("Configuration reloaded", metadata: ["changed": "\(changed)", "certificate": "\(certificate ? "new" : "same")"])
            supervisor.tell([.ready, .status("Serving \(settings.server.name)")])
            if !waiting.isEmpty { logger.warning("These changes need a restart", metadata: ["keys": "\(waiting)"]) }
        case .refused(let problems):
            logger.error("Configuration not reloaded; nothing has changed")
            for problem in problems { logger.error("\(problem)") }
            supervisor.tell([.ready, .status("The new configuration was not taken: \(problems.first ?? "")")])
        }
        return result
    }

    private func tryReload() -> Reload {
        let next: Settings
        do {
            next = try launch.again().settings
        } catch let problems as SettingsProblems {
            return .refused(problems.list.map(\.description))
        } catch {
            return .refused(["\(error)"])
        }
        let problems = Inspection.problems(of: next)
        guard problems.isEmpty else { return .refused(problems.map(\.description)) }
        let change = SettingsChange(from: settings, to: next)
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
        if let certificate {
            let loaded = try CertificateFiles.choose(settings, in: ground.data, now: clock.wallMilliseconds).load()
            isNew = loaded.fingerprint != certificate.value.fingerprint
            certificate.value = loaded
        }
        world.reconfigure(ServerConfiguration(settings, motd: motd))
        edge.proxies = TrustedProxies(settings.listen)
        sidecar.reconfigure(SidecarConfiguration(settings))
        apply(settings)
        return isNew
    }
}
