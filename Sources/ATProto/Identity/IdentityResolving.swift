/// From names to identities.
package protocol IdentityResolving: Sendable {
    /// The DID a handle points to, by DNS or HTTPS. One direction only.
    func resolve(handle: Handle) async throws(IdentityError) -> DID

    /// The document of a DID.
    ///
    /// - Parameter fresh: ask again whatever is cached: before a login and before a refresh.
    func resolve(did: DID, fresh: Bool) async throws(IdentityError) -> DIDDocument

    /// The handle that the DID claims and that points back to it; nil otherwise.
    func verifiedHandle(of did: DID) async -> Handle?
}
