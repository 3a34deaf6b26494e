package import ATProto

/// Who is logged in.
package struct Identity: Sendable, Hashable {
    /// The account name on the wire: a DID, or the name of a local account.
    package var account: String
    package var did: DID?
    /// Verified in both directions; for display only.
    package var handle: Handle?
    package var isOperator: Bool

    package init(account: String, did: DID? = nil, handle: Handle? = nil, isOperator: Bool = false) {
        (self.account, self.did, self.handle, self.isOperator) = (account, did, handle, isOperator)
    }
}
