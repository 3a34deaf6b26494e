import Foundation
import Testing

@testable import ATProto

@Suite struct RefreshOutcomeTests {
    private func kind(_ outcome: RefreshOutcome) -> String {
        switch outcome {
        case .rotated: "rotated"
        case .dead: "dead"
        case .unknown: "unknown"
        case .notSent: "notSent"
        case .clientRefused: "clientRefused"
        }
    }

    private func outcome(_ status: Int, _ body: String, retryAfter: String? = nil) -> RefreshOutcome {
        RefreshOutcome(OAuthAnswer(status: status, body: Data(body.utf8), retryAfter: retryAfter, now: 1_767_225_600_000))
    }

    @Test(arguments: [
        (200, "{\"refresh_token\":\"r\"}", "rotated"), (200, "{\"access_token\":\"a\"}", "rotated"), (200, "{}", "unknown"),
        (200, "<html>", "unknown"), (204, "", "unknown"),
        (400, "{\"error\":\"invalid_grant\"}", "dead"), (401, "{\"error\":\"invalid_grant\"}", "dead"),
        (400, "{\"error\":\"unauthorized_client\"}", "clientRefused"), (401, "{\"error\":\"unauthorized_client\"}", "clientRefused"),
        (400, "{\"error\":\"invalid_client_id\"}", "clientRefused"),
        (400, "{\"error\":\"use_dpop_nonce\"}", "notSent"), (401, "{\"error\":\"invalid_dpop_proof\"}", "notSent"),
        (400, "{\"error\":\"invalid_client\"}", "clientRefused"), (400, "{\"error\":\"invalid_client_metadata\"}", "clientRefused"),
        (400, "{\"error\":\"something_new\"}", "unknown"), (403, "<html>", "unknown"), (400, "{\"error\":5}", "unknown"),
        (429, "slow", "notSent"), (500, "{\"error\":\"server_error\"}", "unknown"), (502, "", "unknown"), (503, "", "unknown"),
        (500, "{\"error\":\"invalid_grant\"}", "unknown"), (302, "", "unknown"),
    ])
    func sortsAnswers(_ status: Int, _ body: String, _ expected: String) {
        #expect(kind(outcome(status, body)) == expected)
    }

    @Test func honoursRetryAfter() {
        guard case .notSent(_, .seconds(7)) = outcome(429, "", retryAfter: "7") else { Issue.record("429"); return }
        guard case .unknown(_, .seconds(120)) = outcome(503, "", retryAfter: "Thu, 01 Jan 2026 00:02:00 GMT") else {
            Issue.record("503")
            return
        }
    }

    @Test func reasonsAreShortAndClean() {
        guard case .dead(let reason) = outcome(400, "{\"error\":\"invalid_grant\",\"error_description\":\"secret\"}") else {
            Issue.record("not dead")
            return
        }
        #expect(reason == "invalid_grant (status 400)")
        guard case .unknown(let other, _) = outcome(400, "{\"error\":\"x\\n<b>\(String(repeating: "y", count: 200))\"}") else {
            Issue.record("not unknown")
            return
        }
        #expect(other.utf8.count < 90)
        #expect(!other.contains("\n") && !other.contains("<"))
    }

    @Test func retryAfterIsBounded() {
        let now: Int64 = 1_767_225_600_000
        #expect(RetryAfter.duration("0", now: now) == .seconds(1))
        #expect(RetryAfter.duration("99999999999999999999", now: now) == .seconds(3600))
        #expect(RetryAfter.duration("Wed, 31 Dec 2025 00:00:00 GMT", now: now) == .seconds(1))
        #expect(RetryAfter.duration("soon", now: now) == nil)
        #expect(RetryAfter.duration("", now: now) == nil)
        #expect(RetryAfter.duration("-5", now: now) == nil)
    }
}
