import ATProto

/// What a person is told about a step that failed. An address that may not be asked is not described further: where a
/// name leads inside this network is nobody's business.
extension BrokerError {
    private static let notAllowed = "it leads to an address that is not allowed"

    /// A look-up that failed: for good, then the request is at fault; or for now.
    init(_ error: IdentityError, doing: String) {
        switch error {
        case .temporary(let reason, let retryAfter): self = .passing("\(doing): \(reason)", retryAfter)
        case .refused: self = .badRequest("\(doing): \(Self.notAllowed)")
        default: self = .badRequest("\(doing): \(error)")
        }
    }

    /// A step at the PDS or the authorization server that failed.
    init(_ error: OAuthError, doing: String) {
        if case .network(.refused) = error {
            self = .badRequest("\(doing): \(Self.notAllowed)")
        } else {
            self = .passing("\(doing): \(error)", error.retryAfter)
        }
    }

    /// Another server's trouble, and when to come again if it said so.
    private static func passing(_ text: String, _ retryAfter: Duration?) -> BrokerError {
        retryAfter.map { .unavailable(text, retryAfter: $0.headerSeconds) } ?? .upstream(text)
    }
}
