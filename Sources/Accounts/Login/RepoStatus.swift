package import ATProto
import Foundation
package import MainLoop

/// Whether the PDS of an account still serves it, as it tells everybody (`com.atproto.sync.getRepoStatus`). Only a clear no counts: a
/// PDS that is down, or says something else, changes nothing, so that no login depends on it.
package struct RepoStatus: Sendable {
    private let fetcher: any Fetching
    /// Why not, by DID and PDS; what was not answered is remembered too, so that a slow PDS holds up one login and not each.
    private let answers: IdentityCache<String, String?>

    /// - Parameter capacity: accounts remembered.
    package init(fetcher: any Fetching, clock: any LoopClock, capacity: Int = IdentityResolver.cacheCapacity) {
        self.fetcher = fetcher
        answers = IdentityCache(clock: clock, capacity: capacity)
    }

    /// Why the PDS no longer serves the account; nil when it does, or does not say. Somebody who has deactivated the account is still
    /// its owner.
    ///
    /// - Parameter fresh: ask again whatever is remembered, and for as long as it takes: not at a login.
    func refusal(of document: DIDDocument, fresh: Bool) async -> String? {
        guard let pds = document.pds else { return nil }
        let limits: FetchLimits = fresh ? .document : .status
        return try? await answers.value(pds.text + " " + document.id.text, fresh: fresh) { () async throws(IdentityError) in
            await ask(pds, about: document.id, limits)
        }
    }

    private func ask(_ pds: Origin, about did: DID, _ limits: FetchLimits) async -> String? {
        let url = pds.text + "/xrpc/com.atproto.sync.getRepoStatus?" + FormBody.query([("did", did.text)])
        let request = FetchRequest(method: "GET", url: url, headers: [("Accept", "application/json")], limits: limits)
        guard let answer = try? await fetcher.fetch(request), answer.status == 200, let status = JSONDocument(answer.body),
            status.string("did") == did.text, !status.isTrue("active")
        else { return nil }
        switch status.string("status") {
        case "takendown": return "the account was taken down"
        case "suspended": return "the account is suspended at its PDS"
        case "deleted": return "the account was deleted"
        default: return nil
        }
    }
}
