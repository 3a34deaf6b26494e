package import Admin
import Logging
import Server
import Store

/// What comes over the admin socket: commands to the services, and what only the administrator of the machine may do.
extension Daemon: Administered {
    /// What `roost admin rotate-key` asks for in the place of a service.
    package nonisolated static let rotateKey = "rotate-key"

    package func administer(_ request: AdminRequest, by user: UInt32) async -> AdminAnswer {
        let name = "user \(user) on the admin socket"
        guard request.service != Self.rotateKey else { return await changeMasterKey(for: name) }
        do throws(AdministrationError) {
            let said = try await world.command(request.service, request.command, by: .administrator(name))
            return AdminAnswer(lines: said.lines, isRefused: said.isRefusal)
        } catch {
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
            logger.notice("The master key has changed", metadata: ["key": "\(key.name)", "sealed anew": "\(result.values)"])
            world.audit("key.rotated", by: name, ["target": key.name])
            return AdminAnswer(lines: result.report(key))
        } catch {
            logger.error("The master key could not be changed", metadata: ["error": "\(error)"])
            world.audit("key.rotated", by: name, [:], outcome: .failed)
            return AdminAnswer(error: "\(error)")
        }
    }
}
