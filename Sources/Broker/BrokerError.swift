/// Why the broker says no, with the status the sidecar answers. Clients rely on it: 401 means that the session is dead,
/// 502 and 503 that a later try may work (freeq-wire 1.9).
package enum BrokerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The request itself is wrong.
    case badRequest(String)
    /// Nobody has this broker token.
    case unknownToken
    /// The session is over; the person must sign in again.
    case sessionDead
    /// The account may not sign in.
    case refused(String)
    /// The account is suspended, and why.
    case suspended(String)
    /// Too many requests with one broker token. Seconds until one is allowed again.
    case tooMany(retryAfter: Int)
    /// Another server answered with something unusable.
    case upstream(String)
    /// Not now. Seconds until a try makes sense.
    case unavailable(String, retryAfter: Int)

    /// The HTTP status.
    package var status: Int {
        switch self {
        case .badRequest: 400
        case .unknownToken, .sessionDead: 401
        case .refused, .suspended: 403
        case .tooMany: 429
        case .upstream: 502
        case .unavailable: 503
        }
    }

    /// One sentence for the person or the client; never a secret.
    package var message: String {
        switch self {
        case .badRequest(let text), .refused(let text), .upstream(let text), .unavailable(let text, _): text
        case .unknownToken: "Invalid broker token"
        case .sessionDead: "Session expired — re-authentication required"
        case .suspended(let reason): "This account is suspended (\(reason))"
        case .tooMany: "Too many requests"
        }
    }

    /// Seconds for the `Retry-After` header.
    package var retryAfter: Int? {
        switch self {
        case .tooMany(let seconds), .unavailable(_, let seconds): seconds
        default: nil
        }
    }

    package var description: String { message }
}

extension Duration {
    /// Whole seconds, rounded up, at least 1: what a `Retry-After` header says.
    var headerSeconds: Int {
        Int(max(1, components.seconds + (components.attoseconds > 0 ? 1 : 0)))
    }

    /// Whole milliseconds.
    var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
