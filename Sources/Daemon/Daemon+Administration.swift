package import Admin
import Logging
package import Server
import Sidecar
import Store

/// What comes over the admin socket: commands to the services, and what only the administrator of the machine may do.
extension Daemon: Administered {
    /// What `roost admin rotate-key` asks for in the place of a service.
    package nonisolated static let rotateKey = "rotate-key"
    /// Likewise `roost admin backup`; the command is a ``Backups/Order``.
    package nonisolated static let backup = "backup"

    package func administer(_ request: AdminRequest, by user: UInt32) async -> AdminAnswer {
        let name = "user \(user) on the admin socket"
        switch request.service {
        case Self.rotateKey: return await changeMasterKey(for: name)
        case Self.backup: return await makeBackup(request.command, for: name)
        default: break
        }
        do throws(AdministrationError) {
            let said = try await world.administer(request.service, request.command, by: .administrator(name))
            return AdminAnswer(lines: said.lines, isRefused: said.isRefusal)
        } catch {
            return AdminAnswer(error: error.description)
        }
    }

    /// Writes a backup; the loop does not wait for it. One at a time. What people have said up to now is in it.
    private func makeBackup(_ command: String, for name: String) async -> AdminAnswer {
        guard let order = Backups.Order(text: command) else { return AdminAnswer(error: "this is no order for a backup") }
        guard !makesBackup else { return AdminAnswer(error: "a backup is being made already") }
        makesBackup = true
        defer { makesBackup = false }
        await ground.historyWriter.flush()
        do throws(StartError) {
            let lines = try await Backups.make(order, of: launch)
            world.audit("backup.made", by: name, ["target": order.path, "with_key": "\(order.includesKey)"])
            return AdminAnswer(lines: lines)
        } catch {
            logger.error("backup.failed", metadata: ["path": "\(order.path)", "error": "\(error)"])
            return AdminAnswer(error: error.description)
        }
    }

    /// Changes the master key while everything runs; the loop does not wait for it. One at a time.
    private func changeMasterKey(for name: String) async -> AdminAnswer {
        guard !changesMasterKey else { return AdminAnswer(error: "the master key is being changed already") }
        changesMasterKey = true
        defer { changesMasterKey = false }
        let vault = ground.vault
        do {
            let result = try await vault.rotation.run()
            let key = vault.box.keys.current
            logger.notice("key.changed", metadata: ["key": "\(key.name)", "sealed": "\(result.values)"])
            world.audit("key.rotated", by: name, ["target": key.name])
            return AdminAnswer(lines: result.report(key))
        } catch {
            logger.error("key.change.failed", metadata: ["error": "\(error)"])
            world.audit("key.rotated", by: name, [:], outcome: .failed)
            return AdminAnswer(error: "\(error)")
        }
    }
}

/// What programs may do to the daemon over HTTP.
extension Daemon: Controlled {
    package func rehash(by actor: String) async -> ServiceAnswer {
        let answer = await rehash()
        world.audit("operator.rehash", by: actor, [:], outcome: answer.isRefusal ? .failed : .done)
        return answer
    }

    package var currentLogLevel: String { logLevel.value.rawValue }

    package func setLogLevel(_ name: String, by actor: String) -> Bool {
        guard let level = Logger.Level(rawValue: name) else { return false }
        logLevel.value = level
        world.audit("log.level", by: actor, ["level": name])
        return true
    }
}
