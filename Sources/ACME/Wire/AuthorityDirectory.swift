package import Foundation

/// Where an authority does what (RFC 8555 section 7.1.1).
package struct AuthorityDirectory: Sendable, Equatable, Decodable {
    package let newNonce: String
    package let newAccount: String
    package let newOrder: String
    /// Where it says when to renew (RFC 9773); nil: it does not.
    package let renewalInfo: String?

    /// Nil when `data` is none.
    package init?(_ data: Data) {
        guard let found = try? JSONDecoder().decode(AuthorityDirectory.self, from: data) else { return nil }
        self = found
    }
}
