/// How an ``ACMEAuthority`` is.
package struct ACMEAuthorityOptions: Sendable {
    /// Its clock, in milliseconds since 1970.
    package var now: @Sendable () -> Int64 = { 1_767_225_600_000 }
    /// How long certificates count, in seconds.
    package var lifetime: Int64 = 90 * 86_400
    /// The ports of 127.0.0.1 where it looks at challenges, whatever the name.
    package var httpPort = 0
    package var tlsPort = 0
    package var challenges = ["http-01", "tls-alpn-01"]
    /// How often an order is looked at before its certificate is there.
    package var processingLooks = 0
    /// An id and a key in base64url, without which nobody gets an account.
    package var externalAccount: (id: String, key: String)?
    package var tellsRenewal = true
    /// Whether everything is answered with 503.
    package var isClosed = false

    package init() {}
}

/// What an ``ACMEAuthority`` can be asked for.
package enum ACMEEndpoint: String, Sendable, CaseIterable {
    case directory, nonce, newAccount, account, newOrder, order, authorization, challenge, finalize, certificate, renewalInfo
}

/// Something that goes wrong once.
package struct ACMEFault: Sendable {
    package enum Kind: Sendable {
        /// The nonce is refused, though it is good.
        case badNonce
        /// Nothing is done, and there is no answer.
        case lostRequest
        /// All is done, and there is no answer.
        case lostAnswer
        /// Nothing is done; an answer with this status and this problem type.
        case refusal(Int, type: String, retryAfter: Int? = nil)
        /// All is done, and the answer says something else.
        case body(String)
    }

    let endpoint: ACMEEndpoint
    let kind: Kind

    package init(_ endpoint: ACMEEndpoint, _ kind: Kind) {
        (self.endpoint, self.kind) = (endpoint, kind)
    }
}

/// What an ``ACMEAuthority`` has seen.
package struct ACMERecords: Sendable {
    /// Requests of each kind, those that went wrong included.
    package var requests: [ACMEEndpoint: Int] = [:]
    package var accounts = 0
    /// Contacts of the newest account.
    package var contact: [String] = []
    package var orders = 0
    /// What the newest order is to replace.
    package var replaced: String?
    /// Challenges that it began to look at, and what came of those that are over.
    package var looks = 0
    package var goodLooks = 0
    package var badLooks = 0
    package var certificates = 0
    /// What clients did that is not allowed.
    package var violations: [String] = []
    /// The names of each certificate.
    package var issued: [[String]] = []
}
