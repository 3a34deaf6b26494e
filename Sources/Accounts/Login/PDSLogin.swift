package import ATProto
package import MainLoop

/// Finds out whose an access token is, at the PDS that the DID document names; the client does not choose who is asked.
@LoopActor
package final class PDSLogin {
    private let resolver: any IdentityResolving
    private let fetcher: any Fetching

    package init(resolver: any IdentityResolving, fetcher: any Fetching, clock: any LoopClock) {
        self.resolver = resolver
        self.fetcher = PatientFetcher(fetcher, clock: clock)
    }

    /// Throws unless the PDS of `token` says that it is good for its account.
    func check(_ token: PDSToken) async throws(SASLFailure) {
        let document: DIDDocument
        do {
            document = try await resolver.resolve(did: token.did, fresh: true)
        } catch {
            throw error.isTemporary ? .unavailable : .rejected
        }
        guard document.pds == token.pds else { throw .otherPDS }
        let response: FetchResponse
        do {
            response = try await fetcher.fetch(token.request)
        } catch {
            switch error {
            case .refused, .tooLarge: throw .rejected
            default: throw .unavailable
            }
        }
        switch PDSAnswer(response, to: token) {
        case .accepted: return
        case .inactive: throw .gone("the account is not active at its PDS")
        case .rejected: throw .rejected
        case .needsNonce(let nonce): throw .nonceNeeded(nonce)
        case .unavailable: throw .unavailable
        }
    }
}
