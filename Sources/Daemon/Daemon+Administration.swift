package import Admin
import Logging
import Server
import Store

/// What comes over the admin socket: commands to the services, and what only the administrator of the machine may do.
extension Daemon: Administered {
    /// What `roost admin rotate-key` asks for in the place of a service.
    package nonisolated static let rotateKey = "rotate-key"
    /// What `roost admin rehash` asks for in the place of a service.
    package nonisolated static let rehash = "rehash"
    private static let administrator = "administrator on the admin socket"

    package func administer(_ request: AdminRequest) async -> AdminAnswer {
        switch request.service {
        case Self.rotateKey: return await changeMasterKey()
        case Self.rehash: return await rehash(by: Self.administrator)
        default: break
        }
        do throws(AdministrationError) {
            let said = try await world.command(
                request.service, request.command, by: .administrator(Self.administrator))
            return AdminAnswer(lines: said.lines, isRefused: said.isRefusal)
        } catch {
            return AdminAnswer(error: error.description)
        }
    }

    private func rehash(by administrator: String) async -> AdminAnswer {
        logger.notice("operator.rehash", metadata: ["by": "\(administrator)"])
        let answer = await rehash()
        return AdminAnswer(lines: answer.lines, isRefused: answer.isRefusal)
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
