import Accounts
import Foundation
import MainLoop
import Store

/// Tells a new server from one that ran before.
enum FirstRun {
    /// Where the hash of the code waits for whoever claims the server.
    static let claimKey = ServerStateStore.operatorClaim
    private static let startedKey = "server.started"

    /// A code for the first operator when this server never ran before, else `nil`. Only its hash is stored, so it can be shown once.
    @LoopActor
    static func claimCode(ground: Ground) async throws -> ClaimCode? {
        guard try await ground.state.get(startedKey) == nil else { return nil }
        var generator = SystemRandomNumberGenerator()
        let code = ClaimCode(using: &generator)
        try await ground.state.set(claimKey, Data(try await ground.hasher.hash(code.description).utf8))
        try await ground.state.set(startedKey, Data(Daemon.version.utf8))
        return code
    }
}
