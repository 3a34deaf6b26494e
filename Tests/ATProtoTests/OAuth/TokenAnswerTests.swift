import Foundation
import Testing

@testable import ATProto

@Suite struct TokenAnswerTests {
    private let alice = "did:plc:ewvi7nxzyoun6zhxrhs64oiz"

    private func answer(_ changes: [String: Any?] = [:]) throws -> TokenAnswer {
        var members: [String: Any] = [
            "access_token": "acc", "refresh_token": "ref", "token_type": "DPoP", "scope": "atproto other", "sub": alice, "expires_in": 900,
        ]
        for (name, value) in changes { members[name] = value }
        return try #require(TokenAnswer(json: JSONSerialization.data(withJSONObject: members)))
    }

    private func validate(_ changes: [String: Any?] = [:]) throws -> ValidTokens {
        try answer(changes).validated(for: #require(DID(alice)))
    }

    @Test func acceptsTheProfile() throws {
        #expect(try validate() == ValidTokens(accessToken: "acc", lifetime: .seconds(900), scope: "atproto other"))
        #expect(throws: Never.self) { try validate(["token_type": "dpop"]) }
    }

    @Test func handsOutTheRefreshTokenWhateverElseIsWrong() throws {
        let answer = try answer(["access_token": 5, "token_type": nil, "scope": ["x"], "sub": nil, "expires_in": "soon"])
        #expect(answer.refreshToken == "ref")
        #expect(throws: TokenFault.missing("sub")) { try answer.validated(for: #require(DID(alice))) }
    }

    @Test func refuses() {
        #expect(throws: TokenFault.otherSubject) { try validate(["sub": "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"]) }
        #expect(throws: TokenFault.missing("access_token")) { try validate(["access_token": nil]) }
        #expect(throws: TokenFault.missing("token_type")) { try validate(["token_type": nil]) }
        #expect(throws: TokenFault.notBound) { try validate(["token_type": "Bearer"]) }
        #expect(throws: TokenFault.missing("scope")) { try validate(["scope": nil]) }
        #expect(throws: TokenFault.scopeRefused) { try validate(["scope": "atprotocol transition:generic"]) }
    }

    @Test func boundsTheLifetime() throws {
        #expect(try validate(["expires_in": nil]).lifetime == .seconds(300))
        #expect(try validate(["expires_in": 1_000_000]).lifetime == .seconds(3600))
        #expect(try validate(["expires_in": -5]).lifetime == .zero)
        #expect(try validate(["expires_in": "60"]).lifetime == .seconds(60))
        #expect(try validate(["expires_in": 60.7]).lifetime == .seconds(60))
    }

    @Test func withoutAnyTokenIsNoAnswer() {
        for text in ["", "[]", "{}", "{\"refresh_token\":\"\"}", "{\"sub\":\"x\"}", "<html>"] {
            #expect(TokenAnswer(json: Data(text.utf8)) == nil)
        }
    }
}
