import ATProto
import Foundation
import Logging
import MainLoop
import Store

/// Gives sessions back to their servers in the background. Best effort: one that cannot be given back ends by itself.
@LoopActor
final class Revocations {
    private let client: OAuthClient
    private let credentials: ClientCredentials
    private let logger: Logger
    private let capacity: Int
    private var running: [Int: Task<Void, Never>] = [:]
    private var begun = 0

    /// - Parameter capacity: how many run at once; more are not begun.
    init(client: OAuthClient, credentials: ClientCredentials, logger: Logger, capacity: Int = 32) {
        (self.client, self.credentials, self.logger, self.capacity) = (client, credentials, logger, capacity)
    }

    func revoke(_ ended: EndedSession) {
        guard let pds = Origin(ended.pds), let key = try? DPoPKey(rawRepresentation: ended.secrets.proofKey) else { return }
        run(did: ended.did) { [client, credentials] in
            // The token goes to the server it came from, nowhere else.
            guard let server = try? await client.server(of: pds, fresh: false), server.issuer == ended.issuer,
                let credential = try? await credentials.of(clientID: ended.clientID, keyID: ended.clientKey)
            else { return }
            await client.revoke(TokenGrant(refreshToken: ended.secrets.refreshToken, client: credential, key: key), at: server)
        }
    }

    /// Gives back what a login brought that is not accepted.
    func revoke(_ refreshToken: String, of login: PendingLogin) {
        let grant = TokenGrant(refreshToken: refreshToken, client: login.request.client, key: login.request.key)
        run(did: login.did?.text ?? "any") { [client] in await client.revoke(grant, at: login.request.server) }
    }

    private func run(did: String, _ body: @escaping @LoopActor () async -> Void) {
        guard running.count < capacity else {
            return logger.warning("session.revocation.skipped", metadata: ["did": "\(did)"])
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
