package import ATProto
import Foundation

/// What looking at the identity of somebody anew came to.
package enum IdentityVerdict: Sendable, Equatable {
    /// It stands, with the handle that is verified now; nil: none is.
    case stands(Handle?)
    /// Nobody can tell just now: nothing follows from that.
    case unknown
    /// It is over, and why.
    case gone(String)
}

/// Looks at identities anew, past what is remembered: whether the DID still stands, whether its PDS still serves the account, and
/// which handle is verified.
package struct IdentityReview: Sendable {
    private let resolver: any IdentityResolving
    private let fetcher: any Fetching

    package init(resolver: any IdentityResolving, fetcher: any Fetching) {
        (self.resolver, self.fetcher) = (resolver, fetcher)
    }

    /// Costs one request to the DID directory, one to the PDS and what the handle takes.
    package func verdict(on did: DID) async -> IdentityVerdict {
        let document: DIDDocument
        do {
            document = try await resolver.resolve(did: did, fresh: true)
        } catch .tombstoned {
            return .gone("the account was deleted")
        } catch {
            return .unknown
        }
        if let pds = document.pds, let reason = await refusal(of: did, at: pds) { return .gone(reason) }
        guard let claimed = document.claimedHandle else { return .stands(nil) }
        do {
            return .stands(try await resolver.resolve(handle: claimed) == did ? claimed : nil)
        } catch {
            return error.isTemporary ? .unknown : .stands(nil)
        }
    }

    /// Why the PDS no longer serves the account (`com.atproto.sync.getRepoStatus`); nil when it does, or does not say. Somebody who
    /// has deactivated the account is still its owner.
    private func refusal(of did: DID, at pds: Origin) async -> String? {
        let url = pds.text + "/xrpc/com.atproto.sync.getRepoStatus?" + FormBody.query([("did", did.text)])
        let request = FetchRequest(method: "GET", url: url, headers: [("Accept", "application/json")], limits: .document)
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
