import MainLoop

/// How often people tried to log in, by what they showed, and what came of it.
package struct LoginCounts: Sendable {
    /// What was shown.
    package enum Mechanism: String, Sendable, CaseIterable {
        case password, scram, certificate, signature, bearer
        case webToken = "web_token"
        case serviceToken = "service_token"
        case pdsToken = "pds_token"
    }

    /// What came of it.
    package enum Result: String, Sendable, CaseIterable {
        case accepted, rejected, throttled, suspended, busy, unavailable, other
    }

    private var counts: [Mechanism: Tally<Result>] = [:]

    package subscript(mechanism: Mechanism, result: Result) -> Int { counts[mechanism]?[result] ?? 0 }

    mutating func count(_ mechanism: Mechanism, _ result: Result) {
        counts[mechanism, default: Tally()].count(result)
    }
}

extension Credential {
    /// What it is counted as.
    var mechanism: LoginCounts.Mechanism {
        switch self {
        case .plain: .password
        case .scram: .scram
        case .certificate: .certificate
        case .signature: .signature
        case .webToken: .webToken
        case .serviceToken: .serviceToken
        case .pdsToken: .pdsToken
        case .bearer: .bearer
        }
    }
}

extension SASLFailure {
    /// What it is counted as.
    var result: LoginCounts.Result {
        switch self {
        case .rejected: .rejected
        case .throttled: .throttled
        case .suspended: .suspended
        case .busy: .busy
        case .unavailable, .handleUnavailable: .unavailable
        default: .other
        }
    }
}
