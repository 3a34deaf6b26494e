import ATProto
import Foundation

/// What a client answers to a ``Challenge``: base64url JSON with at least `did` and `signature`.
struct ChallengeResponse: Decodable {
    var did: String
    var signature: String
    var method: String?

    /// Nil when `text` is not such an answer. Padding and the other alphabet are forgiven.
    init?(_ text: String) {
        guard let data = Base64URL.decodeLeniently(text), let response = try? JSONDecoder().decode(Self.self, from: data) else {
            return nil
        }
        self = response
    }

    /// The credential in it.
    func credential(for challenge: Challenge) throws(SASLFailure) -> Credential {
        switch method ?? "crypto" {
        case "crypto":
            guard let did = DID(did), let signature = Base64URL.decodeLeniently(signature) else { throw .badResponse }
            return .signature(did: did, signature: signature, challenge: challenge.bytes)
        case "web-token":
            return .webToken(signature)
        case "service-auth":
            return .serviceToken(signature, authorization: did.isEmpty ? nil : did)
        case "pds-session", "pds-oauth":
            throw .methodRefused
        default:
            throw .rejected
        }
    }
}
