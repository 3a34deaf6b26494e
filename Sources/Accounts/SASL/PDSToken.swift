import ATProto

/// An access token of somebody's PDS, with which the account there can be used: it is shown to that PDS once, to learn whose it is,
/// and kept nowhere.
package struct PDSToken: Sendable, Equatable, CustomStringConvertible {
    /// The longest token or proof, in bytes.
    package static let limit = 8 << 10

    /// Who the client says it is.
    let did: DID
    /// Where the client says that the account is.
    let pds: Origin
    private let token: String
    /// What the client made for this one request (RFC 9449); nil: the token needs none.
    private let proof: String?

    /// Nil when `token` or `proof` cannot stand in a header, or is too long, or when the DID has no PDS.
    ///
    /// - Parameter proof: nil: the token needs none.
    init?(_ token: String, proof: String?, of did: DID, at pds: Origin) {
        guard did.method != .key, Self.isHeaderText(token), proof.map(Self.isHeaderText) ?? true else { return nil }
        (self.did, self.pds, self.token, self.proof) = (did, pds, token, proof)
    }

    /// Whether it is bound to a key, so that the PDS may ask for a proof with a nonce.
    var isBound: Bool { proof != nil }

    /// What is to be asked of the PDS.
    var request: FetchRequest {
        var headers = [("Accept", "application/json"), ("Authorization", (proof == nil ? "Bearer " : "DPoP ") + token)]
        if let proof { headers.append(("DPoP", proof)) }
        return FetchRequest(
            method: "GET", url: pds.text + "/xrpc/com.atproto.server.getSession", headers: headers, limits: .document)
    }

    /// Without the secrets.
    package var description: String { "a token of \(did)" }

    private static func isHeaderText(_ text: String) -> Bool {
        (1...limit).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
