import Foundation

/// An order as the authority tells it (RFC 8555 section 7.1.3).
struct OrderDocument: Sendable, Decodable {
    enum Status: String, Sendable, Decodable {
        case pending, ready, processing, valid, invalid
    }

    var status: Status
    var authorizations: [String]
    var finalize: String
    /// Where the certificate is, once it is valid.
    var certificate: String?
    var error: AuthorityProblem.Document?

    /// Nil when `data` is none.
    init?(_ data: Data) {
        guard let found = try? JSONDecoder().decode(OrderDocument.self, from: data) else { return nil }
        self = found
    }
}

/// What has to be shown for one name (RFC 8555 section 7.1.4).
struct AuthorizationDocument: Sendable, Decodable {
    enum Status: String, Sendable, Decodable {
        case pending, valid, invalid, deactivated, expired, revoked
    }

    struct Challenge: Sendable, Decodable {
        var type: String
        var url: String
        var status: String
        var token: String?
        var error: AuthorityProblem.Document?
    }

    var identifier: Identifier
    var status: Status
    var challenges: [Challenge]

    /// Nil when `data` is none.
    init?(_ data: Data) {
        guard let found = try? JSONDecoder().decode(AuthorizationDocument.self, from: data) else { return nil }
        self = found
    }

    func challenge(_ type: ChallengeType) -> Challenge? { challenges.first { $0.type == type.rawValue } }
}
