import ATProto

/// Where a login goes: found from what the person typed.
extension LoginFlow {
    struct Target {
        /// The account it must be; nil: whichever the server names.
        let did: DID?
        let pds: Origin
        /// What the authorization server shows as the account.
        let hint: String?
    }

    func target(of typed: String) async throws(BrokerError) -> Target {
        guard !typed.isEmpty else { throw .badRequest("handle is required") }
        if typed.contains("://") {
            guard let pds = Origin(typed) else { throw .badRequest("Cannot use this address: expected https:// and the host of a PDS") }
            return Target(did: nil, pds: pds, hint: nil)
        }
        if typed.hasPrefix("did:") {
            guard let did = DID(typed) else {
                let isOther = DID.isWellFormed(typed) && !DID.isOfKnownMethod(typed)
                throw .badRequest("Cannot resolve DID: \(isOther ? "this DID method is not supported" : "not a valid DID")")
            }
            return try Self.target(did, try await document(of: did), hint: did.text)
        }
        guard let handle = Handle(typed) else { throw .badRequest("Cannot resolve handle: not a valid handle") }
        let did: DID
        do {
            did = try await resolver.resolve(handle: handle)
        } catch {
            // No handle, but perhaps the host of a PDS.
            if case .notFound = error, let pds = Origin("https://" + handle.text), (try? await client.server(of: pds, fresh: false)) != nil
            {
                return Target(did: nil, pds: pds, hint: nil)
            }
            throw BrokerError(error, doing: "Cannot resolve handle")
        }
        let document = try await document(of: did)
        guard document.claimedHandle == handle else {
            throw .badRequest("Cannot resolve handle: the account at \(handle.text) does not claim that handle")
        }
        return try Self.target(did, document, hint: handle.text)
    }

    private static func target(_ did: DID, _ document: DIDDocument, hint: String) throws(BrokerError) -> Target {
        guard let pds = document.pds else { throw .badRequest("No PDS in DID document") }
        return Target(did: did, pds: pds, hint: hint)
    }

    private func document(of did: DID) async throws(BrokerError) -> DIDDocument {
        do {
            return try await resolver.resolve(did: did, fresh: true)
        } catch {
            throw BrokerError(error, doing: "Cannot resolve DID")
        }
    }
}
