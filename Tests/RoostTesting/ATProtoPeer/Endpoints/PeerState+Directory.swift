import Foundation

extension PeerState {
    /// `GET <plc>/<did>`: 404 for an unknown DID, 410 for a deleted one.
    func plcDocument(_ path: String) -> PeerResponse {
        let did = String(path.dropFirst()).removingPercentEncoding ?? ""
        guard did.hasPrefix("did:plc:"), let account = accounts[did] else {
            return .json(["message": .string("DID not registered: " + did)], status: 404)
        }
        guard account.status != .deleted else { return .json(["message": .string("DID not available: " + did)], status: 410) }
        return document(account)
    }

    /// `/.well-known/did.json` of the host that was asked.
    func webDocument(_ request: PeerRequest) -> PeerResponse {
        guard let account = accounts.webAccount(host: request.host) ?? accounts.webAccount(host: request.hostName),
            account.status != .deleted
        else { return .text("No such document", status: 404) }
        return document(account)
    }

    private func document(_ account: PeerAccount) -> PeerResponse {
        var response = PeerResponse.json(account.document(origins: origins))
        response.set("Content-Type", "application/did+ld+json")
        return response
    }

    /// `GET /xrpc/com.atproto.sync.getRepoStatus?did=…`.
    func repoStatus(_ request: PeerRequest) -> PeerResponse {
        guard let did = PeerText.form(request.query ?? "")?["did"], let account = accounts[did] else {
            return .json(["error": "RepoNotFound", "message": "Could not find repo"], status: 400)
        }
        switch account.status {
        case .active: return .json(["did": .string(did), "active": true])
        case .takenDown: return .json(["did": .string(did), "active": false, "status": "takendown"])
        case .deactivated, .deleted: return .json(["did": .string(did), "active": false, "status": .string(account.status.rawValue)])
        }
    }

    /// `/.well-known/atproto-did` of the host that was asked.
    func handleDocument(_ request: PeerRequest) -> PeerResponse {
        guard let account = accounts.named(request.hostName), account.resolvesByHTTP, account.status != .deleted else {
            return .text("User not found", status: 404)
        }
        return .text(account.did)
    }
}
