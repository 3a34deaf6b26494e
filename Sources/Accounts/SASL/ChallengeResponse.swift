import ATProto
import Foundation

/// What a client answers to a ``Challenge``: base64url JSON with at least `did` and `signature`.
struct ChallengeResponse: Decodable {
    var did: String
    var signature: String
    var method: String?
    /// Of the methods with a token of a PDS: where the client takes the PDS to be, the nonce of the challenge, and the proof for the token.
    var pdsURL: String?
    var challengeNonce: String?
    var proof: String?

    private enum CodingKeys: String, CodingKey {
        case did, signature, method
        case pdsURL = "pds_url"
        case challengeNonce = "challenge_nonce"
        case proof = "dpop_proof"
    }

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
            guard let did = DID(did), let pds = pdsURL.flatMap({ Origin($0) }), let nonce = challengeNonce,
                let token = PDSToken(signature, proof: method == "pds-oauth" ? proof ?? "" : nil, of: did, at: pds)
            else { throw .badResponse }
            guard challenge.hasNonce(nonce) else { throw .rejected }
            return .pdsToken(token)
        default:
            throw .rejected
        }
    }
}
