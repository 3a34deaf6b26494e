/// How an authority sees that a name is ours.
package enum ChallengeType: String, Sendable, CaseIterable, Codable {
    /// It asks at port 80 of the name (RFC 8555 section 8.3).
    case http = "http-01"
    /// It connects to port 443 of the name with TLS (RFC 8737).
    case tls = "tls-alpn-01"
}

/// What to have a certificate for, and from whom.
package struct OrderPlan: Sendable, Equatable {
    /// The address of the authority's directory.
    package var directory: String
    /// DNS names in lower case; at least one.
    package var names: [String]
    /// How the authority reaches the operator, as `mailto:` addresses.
    package var contact: [String]
    package var challenge: ChallengeType
    package var externalAccount: ExternalAccount?

    package init(
        directory: String, names: [String], contact: [String] = [], challenge: ChallengeType = .http,
        externalAccount: ExternalAccount? = nil
    ) {
        (self.directory, self.names, self.contact, self.challenge) = (directory, names, contact, challenge)
        self.externalAccount = externalAccount
    }
}

/// What an authority has to find while it looks.
package struct ChallengeAnswer: Sendable, Equatable {
    package let type: ChallengeType
    /// The DNS name that it is about.
    package let name: String
    package let token: String
    package let keyAuthorization: String
}
