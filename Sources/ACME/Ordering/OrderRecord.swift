/// What has to outlast a crash. It is on disk before anything is sent that depends on it.
package struct OrderRecord: Sendable, Equatable, Codable {
    /// The authority that all of this is about.
    package var directory: String
    /// PEM. A secret.
    package var accountKey: String?
    /// What the authority knows the account by; nil: there is none yet.
    package var accountURL: String?
    /// What the account was made with.
    package var contact: [String] = []
    package var externalAccount: String?
    /// Nil when there is none under way.
    package var order: OrderUnderWay?
    /// When orders were sent within the last week, in milliseconds since 1970.
    package var sent: [Int64] = []
    /// Orders that failed since the last certificate.
    package var failures = 0
    /// Until then nothing is sent.
    package var restUntil: Int64?
    /// Why the last thing failed; nil when it did not.
    package var lastError: String?
    /// When the certificate came.
    package var obtained: Int64?
    package var renewal: RenewalAdvice?

    package init(directory: String) {
        self.directory = directory
    }
}

/// An order and the key of its certificate.
package struct OrderUnderWay: Sendable, Equatable, Codable {
    package var names: [String]
    /// PEM. A secret.
    package var key: String
    /// Milliseconds since 1970.
    package var begun: Int64
    /// What the authority knows it by; nil: it is not known whether it does.
    package var url: String?
    /// Whether the attempt to send it is in ``OrderRecord/sent``.
    var isCounted = false
    /// Whether the authority does not want to hear which certificate it is to replace.
    var replacesNothing = false
}

/// What the authority said when it was asked when to renew.
package struct RenewalAdvice: Sendable, Equatable, Codable {
    /// The certificate that it is about.
    package var certificate: String
    package var window: RenewalWindow?
    /// When to ask again, in milliseconds since 1970.
    package var askAgain: Int64
}
