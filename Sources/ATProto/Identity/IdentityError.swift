/// Why an identity cannot be told.
package enum IdentityError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Not a handle or DID at all.
    case badSyntax(String)
    /// Nobody has that name.
    case notFound(String)
    /// The account was deleted.
    case tombstoned(String)
    /// Nobody knows just now; asking again may help, but not before the time that the server asked for.
    case temporary(reason: String, retryAfter: Duration? = nil)
    /// The name leads where this server does not go.
    case refused(reason: String)
    case invalidDocument(reason: String)

    /// Whether asking again may help.
    package var isTemporary: Bool {
        if case .temporary = self { true } else { false }
    }

    /// How long whoever was asked wants to be left alone.
    package var retryAfter: Duration? {
        if case .temporary(_, let wait) = self { wait } else { nil }
    }

    package var description: String {
        switch self {
        case .badSyntax(let name): "\(name) is not a handle or DID"
        case .notFound(let name): "\(name) was not found"
        case .tombstoned(let name): "\(name) was deleted"
        case .temporary(let reason, _): "the identity cannot be looked up now: \(reason)"
        case .refused(let reason): "the identity leads to an address that is not allowed: \(reason)"
        case .invalidDocument(let reason): "the DID document is not usable: \(reason)"
        }
    }
}
