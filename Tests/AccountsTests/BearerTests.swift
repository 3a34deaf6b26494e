import ATProto
import Accounts
import Foundation
import Testing

@Suite struct BearerTests {
    private func step(_ mechanism: SASLMechanism, _ message: String) -> SASLExchange.Step {
        var exchange = SASLExchange(mechanism, sessionID: "a", now: 0)
        #expect(exchange.opening == "+")
        return exchange.receive(Data(message.utf8).base64EncodedString(), now: 0)
    }

    @Test(arguments: [
        (SASLMechanism.bearer, "\0oauth2\0tok", "tok", nil), (.bearer, "ann\0jwt\0a.b.c", "a.b.c", "ann"),
        (.oauthBearer, "n,,\u{1}auth=Bearer tok\u{1}\u{1}", "tok", nil),
        (.oauthBearer, "y,a=a=2Cb=3D,\u{1}host=irc.test\u{1}port=6697\u{1}auth=bearer tok\u{1}\u{1}", "tok", "a,b="),
    ])
    func goodMessages(_ mechanism: SASLMechanism, _ message: String, _ token: String, _ name: String?) {
        #expect(step(mechanism, message) == .verify(.bearer(token, authorization: name)))
    }

    @Test(arguments: [
        (SASLMechanism.bearer, ""), (.bearer, "tok"), (.bearer, "\0tok"), (.bearer, "\0saml\0tok"), (.bearer, "\0jwt\0"),
        (.bearer, "\0jwt\0a\0b"), (.oauthBearer, ""), (.oauthBearer, "n,,"), (.oauthBearer, "n,,\u{1}auth=Bearer tok\u{1}"),
        (.oauthBearer, "p=tls-exporter,,\u{1}auth=Bearer tok\u{1}\u{1}"), (.oauthBearer, "n,,\u{1}auth=Basic tok\u{1}\u{1}"),
        (.oauthBearer, "n,,\u{1}auth=Bearer \u{1}\u{1}"), (.oauthBearer, "n,,\u{1}auth=Bearer a\u{1}auth=Bearer b\u{1}\u{1}"),
        (.oauthBearer, "n,ann,\u{1}auth=Bearer tok\u{1}\u{1}"), (.oauthBearer, "n,,x\u{1}auth=Bearer tok\u{1}\u{1}"),
        (.oauthBearer, "\u{1}auth=Bearer tok\u{1}\u{1}"), (.oauthBearer, "n,,\u{1}\u{1}"),
    ])
    func badMessages(_ mechanism: SASLMechanism, _ message: String) {
        #expect(step(mechanism, message) == .fail(.badResponse))
    }

    @Test func onlyOAuthSpeaksOfARefusal() {
        for mechanism in SASLMechanism.allCases where mechanism != .oauthBearer {
            var exchange = SASLExchange(mechanism, sessionID: "a", now: 0)
            #expect(exchange.refuse(.rejected, now: 0) == .tell(.rejected))
        }
        for line in ["AQ==", "*", "+", "x"] {
            var exchange = SASLExchange(.oauthBearer, sessionID: "a", now: 0)
            guard case .acknowledge(let text) = exchange.refuse(.rejected, now: 0) else {
                Issue.record("nothing is to be acknowledged")
                continue
            }
            #expect(Data(base64Encoded: text)?.first == UInt8(ascii: "{"))
            #expect(exchange.receive(line, now: 0) == .fail(.rejected))
        }
    }

    @Test func serviceAuthIsAMethodOfTheChallenge() {
        for (did, name) in [("", nil), ("did:plc:abcdefghijklmnopqrstuvwx", "did:plc:abcdefghijklmnopqrstuvwx")] {
            var exchange = SASLExchange(.atprotoChallenge, sessionID: "a", now: 0)
            let answer = Base64URL.encode(Data(#"{"did":"\#(did)","method":"service-auth","signature":"a.b.c"}"#.utf8))
            #expect(exchange.receive(answer, now: 0) == .verify(.serviceToken("a.b.c", authorization: name)))
        }
    }
}
