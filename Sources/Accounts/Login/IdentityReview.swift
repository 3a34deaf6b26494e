package import ATProto

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
    private let status: RepoStatus

    package init(resolver: any IdentityResolving, status: RepoStatus) {
        (self.resolver, self.status) = (resolver, status)
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
        if let reason = await status.refusal(of: document, fresh: true) { return .gone(reason) }
        guard let claimed = document.claimedHandle else { return .stands(nil) }
        do {
            return .stands(try await resolver.resolve(handle: claimed) == did ? claimed : nil)
        } catch {
            return error.isTemporary ? .unknown : .stands(nil)
        }
    }
}
