/// What became of a refresh token that was, or was not, sent. Secrets never stand in a reason.
package enum RefreshOutcome: Sendable {
    /// The server took the token and answered. The answer is unchecked: store its refresh token first.
    case rotated(TokenAnswer)
    /// The session is over at the server; no retry can help.
    case dead(reason: String)
    /// The server may or may not have taken the token. The same token may be tried again, late rather than early.
    case unknown(reason: String, retryAfter: Duration?)
    /// The token was not taken: the request never arrived, or was refused before the token was looked up.
    case notSent(reason: String, retryAfter: Duration?)
    /// Refused for what this client is, before the token was looked up. The session is as good as before; the operator
    /// has to do something about the client.
    case clientRefused(reason: String, retryAfter: Duration?)
}

extension RefreshOutcome {
    /// Sorts the answer of a token endpoint (measured behaviour: reference authorization server 0.22).
    init(_ answer: OAuthAnswer) {
        switch answer.status {
        case 200..<300:
            if let tokens = TokenAnswer(json: answer.body) {
                self = .rotated(tokens)
            } else {
                self = .unknown(reason: "unreadable token answer", retryAfter: nil)
            }
        case 429:
            self = .notSent(reason: "too many requests", retryAfter: answer.retryAfter)
        case 400..<500:
            self = Self.refused(answer)
        default:
            self = .unknown(reason: "status \(answer.status)", retryAfter: answer.retryAfter)
        }
    }

    private static func refused(_ answer: OAuthAnswer) -> Self {
        switch answer.error {
        case "invalid_grant":
            .dead(reason: answer.summary)
        case "invalid_client", "invalid_client_metadata", "invalid_client_id", "unauthorized_client":
            .clientRefused(reason: answer.summary, retryAfter: answer.retryAfter)
        case "use_dpop_nonce", "invalid_dpop_proof", "invalid_request", "invalid_scope", "unsupported_grant_type", "slow_down",
            "temporarily_unavailable":
            .notSent(reason: answer.summary, retryAfter: answer.retryAfter)
        default:
            .unknown(reason: answer.summary, retryAfter: answer.retryAfter)
        }
    }

    /// Sorts a request that got no answer.
    init(_ error: FetchError) {
        let reason = String(describing: error)
        self = error.mayHaveReachedServer ? .unknown(reason: reason, retryAfter: nil) : .notSent(reason: reason, retryAfter: nil)
    }
}
