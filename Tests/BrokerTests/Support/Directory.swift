import ATProto
import Foundation
import MainLoop

/// The identities of a test.
@LoopActor
final class Directory: IdentityResolving {
    private(set) var freshResolutions = 0
    private(set) var verifications = 0
    /// What the next look-ups of a DID fail with.
    var nextFailures: [IdentityError] = []
    /// What look-ups of a DID fail with.
    var failure: IdentityError?
    /// Whether handles can be verified at the moment.
    var verifiesHandles = true
    /// The PDS of everybody; without one, accounts have none.
    var pds: String? = Network.pds
    /// Accounts whose document claims another handle than the one that leads to it.
    var claims: [String: String] = [:]
    private var dids: [String: String] = [:]

    func add(_ did: String, handle: String) {
        dids[handle] = did
    }

    func resolve(handle: Handle) async throws(IdentityError) -> DID {
        guard let did = dids[handle.text].flatMap({ DID($0) }) else { throw .notFound(handle.text) }
        return did
    }

    func resolve(did: DID, fresh: Bool) async throws(IdentityError) -> DIDDocument {
        if fresh { freshResolutions += 1 }
        if let failure { throw failure }
        if let failure = nextFailures.first {
            nextFailures.removeFirst()
            throw failure
        }
        guard let handle = dids.first(where: { $0.value == did.text })?.key else { throw .notFound(did.text) }
        var services: [[String: String]] = []
        if let pds { services.append(["id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": pds]) }
        let document: [String: Any] = ["id": did.text, "alsoKnownAs": ["at://" + (claims[did.text] ?? handle)], "service": services]
        guard let json = try? JSONSerialization.data(withJSONObject: document), let read = try? DIDDocument(json: json, expecting: did)
        else { throw .notFound(did.text) }
        return read
    }

    func verifiedHandle(of did: DID) async -> Handle? {
        verifications += 1
        guard verifiesHandles else { return nil }
        return dids.first { $0.value == did.text }.flatMap { Handle($0.key) }
    }
}
