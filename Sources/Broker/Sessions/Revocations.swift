import ATProto
import Foundation
import Logging
import MainLoop
import Store

/// Gives sessions back to their servers in the background. Best effort: one that cannot be given back ends by itself.
@LoopActor
final class Revocations {
    private let client: OAuthClient
    private let logger: Logger
    private let capacity: Int
    private var running: [Int: Task<Void, Never>] = [:]
    private var begun = 0

    /// - Parameter capacity: how many run at once; more are not begun.
    init(client: OAuthClient, logger: Logger, capacity: Int = 32) {
        (self.client, self.logger, self.capacity) = (client, logger, capacity)
    }

    func revoke(_ ended: EndedSession) {
        revoke(ended.secrets, did: ended.did, pds: ended.pds, issuer: ended.issuer, clientID: ended.clientID)
    }

    func revoke(_ secrets: SessionSecrets, did: String, pds: String, issuer: String, clientID: String) {
        guard let pds = Origin(pds), let key = try? DPoPKey(rawRepresentation: secrets.proofKey) else { return }
        let grant = TokenGrant(refreshToken: secrets.refreshToken, clientID: clientID, key: key)
        run(did: did) { [client] in
            // The token goes to the server it came from, nowhere else.
            guard let server = try? await client.server(of: pds, fresh: false), server.issuer == issuer else { return }
            await client.revoke(grant, at: server)
        }
    }

    /// Gives back what a login brought that is not accepted.
    func revoke(_ refreshToken: String, of login: PendingLogin) {
        let grant = TokenGrant(refreshToken: refreshToken, clientID: client.identity.clientID, key: login.request.key)
        run(did: login.did?.text ?? "any") { [client] in await client.revoke(grant, at: login.request.server) }
    }

    private func run(did: String, _ body: @escaping @LoopActor () async -> Void) {
        guard running.count < capacity else {
            return logger.warning("Too many sessions to give back at once; one is left to expire", metadata: ["did": "\(did)"])
        }
        begun += 1
        let number = begun
        running[number] = Task {
            await body()
            running[number] = nil
        }
    }

    /// Returns when those of this moment are done.
    func drain() async {
        for task in Array(running.values) { await task.value }
    }
}
