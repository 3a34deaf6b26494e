package import Admin
import Logging
import Server
import Store

/// What comes over the admin socket: commands to the services, and what only the administrator of the machine may do.
extension Daemon: Administered {
    /// What `roost admin rotate-key` asks for in the place of a service.
    package nonisolated static let rotateKey = "rotate-key"

    /// What `roost admin backup` asks for; the command is a ``Backups/Order``.
    package nonisolated static let backup = "backup"

    package func administer(_ request: AdminRequest) async -> AdminAnswer {
        switch request.service {
        case Self.rotateKey: return await changeMasterKey()
        case Self.backup: return await makeBackup(request.command)
        default: break
        }
        do throws(AdministrationError) {
            let said = try await world.command(
                request.service, request.command, by: .administrator("administrator on the admin socket"))
            return AdminAnswer(lines: said.lines, isRefused: said.isRefusal)
        } catch {
            return AdminAnswer(error: error.description)
        }
    }

    /// Writes a backup; the loop does not wait for it. One at a time. What people have said up to now is in it.
    private func makeBackup(_ command: String) async -> AdminAnswer {
        guard let order = Backups.Order(text: command) else { return AdminAnswer(error: "this is no order for a backup") }
        guard !makesBackup else { return AdminAnswer(error: "a backup is being made already") }
        makesBackup = true
        defer { makesBackup = false }
        await ground.historyWriter.flush()
        do throws(StartError) {
            let lines = try await Backups.make(order, of: launch)
            logger.notice("backup.made", metadata: ["path": "\(order.path)", "with key": "\(order.includesKey)"])
            return AdminAnswer(lines: lines)
        } catch {
            logger.error("backup.failed", metadata: ["path": "\(order.path)", "error": "\(error)"])
            return AdminAnswer(error: error.description)
        }
    }

    /// Changes the master key while everything runs; the loop does not wait for it. One at a time.
    private func changeMasterKey() async -> AdminAnswer {
        guard !changesMasterKey else { return AdminAnswer(error: "the master key is being changed already") }
        changesMasterKey = true
        defer { changesMasterKey = false }
        let vault = ground.vault
        do {
            let result = try await vault.rotation.run()
            let key = vault.box.keys.current
            logger.notice("The master key has changed", metadata: ["key": "\(key.name)", "sealed anew": "\(result.values)"])
            return AdminAnswer(lines: result.report(key))
        } catch {
            logger.error("The master key could not be changed", metadata: ["error": "\(error)"])
            return AdminAnswer(error: "\(error)")
        }
    }
}
