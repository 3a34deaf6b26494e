/// One account of the peer. Change it with ``ATProtoPeer/change(_:_:)``.
package struct PeerAccount: Sendable {
    /// What the host says of the account.
    package enum Status: String, Sendable {
        case active, deactivated, takenDown, deleted
    }

    /// Which DID a new account gets.
    package enum Method: Sendable {
        /// A random `did:plc`.
        case plc
        /// `did:web:localhost%3A<port of the PDS>`; one account per peer can have it.
        case webLocalhost
        /// `did:web:<handle>`.
        case webHandle
    }

    /// The DID, for example `did:plc:` and 24 characters.
    package let did: String
    /// The handle that resolves to ``did``.
    package var handle: String
    /// The handle that the DID document claims; the same as ``handle`` unless a test makes them differ.
    package var claimedHandle: String
    /// What the host says of the account.
    package var status: Status = .active
    /// The key published as `#atproto`.
    package var signingKey: PeerSigningKey?
    /// Keys published below `authentication`, for signatures of challenges.
    package var authenticationKeys: [PeerSigningKey] = []
    /// The origin that the document names as PDS; nil for the peer's own.
    package var pds: String?
    /// A merge patch (RFC 7396) of the DID document.
    package var documentPatch: PeerJSON = .object([:])
    /// Whether the TXT record exists.
    package var resolvesByDNS = true
    /// Whether `/.well-known/atproto-did` answers for the handle.
    package var resolvesByHTTP = true

    /// The DID document as JSON.
    func document(origins: PeerOrigins) -> PeerJSON {
        func method(_ name: String, _ key: PeerSigningKey) -> PeerJSON {
            ["id": .string(did + "#" + name), "type": "Multikey", "controller": .string(did), "publicKeyMultibase": .string(key.multikey)]
        }
        var document: [String: PeerJSON] = [
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
            "id": .string(did),
            "alsoKnownAs": [.string("at://" + claimedHandle)],
            "verificationMethod": .array(signingKey.map { [method("atproto", $0)] } ?? []),
            "service": [
                [
                    "id": "#atproto_pds", "type": "AtprotoPersonalDataServer",
                    "serviceEndpoint": .string(pds ?? origins.pds),
                ]
            ],
        ]
        if !authenticationKeys.isEmpty {
            document["authentication"] = .array(authenticationKeys.enumerated().map { method("key-\($0.offset)", $0.element) })
        }
        return PeerJSON.object(document).merged(with: documentPatch)
    }
}

/// Where the peer's parts are reached; without trailing slashes.
package struct PeerOrigins: Sendable {
    /// The PDS, which is the resource server too.
    package var pds: String
    /// The authorization server; the same as ``pds`` unless the options keep them apart.
    package var issuer: String
    /// The PLC directory.
    package var plc: String
}
