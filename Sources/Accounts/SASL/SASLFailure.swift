/// Why an exchange failed, as the client reads it.
package struct SASLFailure: Error, Sendable, Equatable {
    /// The numeric that tells it.
    package enum Kind: Sendable, Equatable {
        /// 904.
        case failed
        /// 902 before 904: the account is closed.
        case locked
        /// 905: more than is taken.
        case tooLong
        /// 906.
        case aborted
        /// 907: it is logged in, and cannot change that.
        case already
        /// 908, with the mechanisms there are.
        case unknownMechanism
        /// 904, unless the exchange goes on: the PDS wants this nonce in the proof.
        case nonceNeeded(String)
    }

    package var kind: Kind
    package var text: String
    /// Whether it counts towards the limit of failures of a connection.
    package var counts: Bool

    package init(_ kind: Kind, _ text: String, counts: Bool) {
        (self.kind, self.text, self.counts) = (kind, text, counts)
    }

    package static let rejected = SASLFailure(.failed, "SASL authentication failed", counts: true)
    package static let noChallenge = SASLFailure(.failed, "SASL authentication failed (no challenge)", counts: false)
    package static let badResponse = SASLFailure(.failed, "SASL authentication failed (bad response)", counts: false)
    package static let methodRefused = SASLFailure(
        .failed, "SASL authentication failed (this server takes no tokens of a PDS; use service-auth, web-token or crypto)",
        counts: false)
    package static let noCertificate = SASLFailure(
        .failed, "SASL authentication failed (your connection shows no certificate)", counts: false)
    package static let busy = SASLFailure(.failed, "SASL authentication failed (too many logins at once, try again)", counts: false)
    package static let throttled = SASLFailure(
        .failed, "SASL authentication failed (too many failed logins, try again later)", counts: true)
    package static let unavailable = SASLFailure(
        .failed, "SASL authentication failed (the identity could not be looked up, try again)", counts: false)
    /// Counts, because each try may cost requests to a host of the client's choice.
    package static let handleUnavailable = SASLFailure(
        .failed, "SASL authentication failed (the handle could not be looked up; use the DID, or try again)", counts: true)
    package static let insecure = SASLFailure(
        .failed, "SASL authentication failed (a token of a PDS is taken over TLS only; end the session that it belongs to)", counts: true)
    package static let otherPDS = SASLFailure(
        .failed, "SASL authentication failed (pds_url is not the PDS in the DID document)", counts: true)
    /// - Parameter nonce: what the PDS wants.
    static func nonceNeeded(_ nonce: String) -> SASLFailure {
        SASLFailure(.nonceNeeded(nonce), "SASL authentication failed (the PDS does not take the proof)", counts: false)
    }
    /// - Parameter reason: a clause.
    static func gone(_ reason: String) -> SASLFailure {
        SASLFailure(.failed, "SASL authentication failed (\(reason))", counts: true)
    }
    package static let suspended = SASLFailure(.locked, "Not authorized to connect to this server", counts: true)
    package static let notOnTheList = SASLFailure(
        .failed, "Not authorized to connect to this server: it is for the accounts on its list only", counts: true)
    package static let responseTooLong = SASLFailure(
        .tooLong, "SASL message too long: a response has at most \(SASLReassembler.limit) bytes", counts: false)
    package static let aborted = SASLFailure(.aborted, "SASL authentication aborted", counts: false)
    package static let unknownMechanism = SASLFailure(.unknownMechanism, "Unsupported SASL mechanism", counts: false)
}
