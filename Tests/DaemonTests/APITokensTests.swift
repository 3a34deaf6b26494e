import Store
import Testing

@testable import Daemon

@Suite struct APITokensTests {
    private func token(
        _ scopes: [String], _ channels: [String] = [], expires: String? = nil, name: String = "bot"
    ) throws -> APIToken {
        try APITokens.token(.init(name: name, scopes: scopes, channels: channels, expires: expires), now: 1000)
    }

    @Test func whatIsTypedIsUnderstood() throws {
        let made = try token(["bans,audit", "messages:read"], ["#A,#b", "#a"], expires: "1d")
        #expect(made.scopes == [.bans, .audit, .messagesRead] && made.channels == ["#a", "#b"])
        #expect(made.expiresAt == 86_401_000 && made.createdAt == 1000)
        #expect(try token(["bans"]).channels == nil && token(["bans"], expires: "0").expiresAt == nil)
    }

    @Test(
        arguments: [
            ("bot", [], [], nil), ("bot", ["everything"], [], nil), ("bot", [","], [], nil), ("", ["bans"], [], nil),
            ("a b", ["bans"], [], nil), ("a/b", ["messages:send"], [], nil), ("bot", ["bans"], ["#a"], nil),
            ("bot", ["messages:read"], ["a"], nil), ("bot", ["messages:read"], [","], nil), ("bot", ["bans"], [], "soon"),
            ("bot", ["messages:read"], (0...100).map { "#c\($0)" }, nil),
        ] as [(String, [String], [String], String?)])
    func whatMakesNoSenseIsRefused(_ name: String, _ scopes: [String], _ channels: [String], _ expires: String?) {
        #expect(throws: StartError.self) { try token(scopes, channels, expires: expires, name: name) }
    }

    @Test func tokensOutliveTheCommand() async throws {
        try await withFixture { fixture in
            let made = try await APITokens.add(.init(name: "bot", scopes: ["bans"]), in: fixture.data)
            #expect(made.hasPrefix("roost_") && made.count == 70)
            await #expect(throws: StartError.self) { try await APITokens.add(.init(name: "bot", scopes: ["bans"]), in: fixture.data) }
            #expect(try await APITokens.list(in: fixture.data).map(\.scopes) == [[.bans]])
            try await APITokens.revoke(name: "bot", in: fixture.data)
            await #expect(throws: StartError.self) { try await APITokens.revoke(name: "bot", in: fixture.data) }
        }
    }
}
