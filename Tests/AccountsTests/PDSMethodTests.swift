import ATProto
import Foundation
import Testing

@testable import Accounts

/// What a response with a token of a PDS must have, and how an exchange goes on when the PDS wants another nonce.
@Suite struct PDSMethodTests {
    private static let now: Int64 = 1_767_225_600_000
    private static let alice = "did:plc:aliceaaaaaaaaaaaaaaaaaaa"

    private struct Opening: Decodable {
        var nonce: String
    }

    private func members(_ exchange: SASLExchange, _ method: String) throws -> [String: String] {
        try members(exchange.opening, method)
    }

    private func members(_ challenge: String, _ method: String) throws -> [String: String] {
        let nonce = try JSONDecoder().decode(Opening.self, from: try #require(Base64URL.decode(challenge))).nonce
        return [
            "did": Self.alice, "method": method, "signature": "token", "pds_url": "https://pds.example.com", "challenge_nonce": nonce,
            "dpop_proof": "a.b.c",
        ]
    }

    private func text(_ members: [String: String]) throws -> String {
        Base64URL.encode(try JSONEncoder().encode(members))
    }

    private func step(_ method: String, _ change: (inout [String: String]) -> Void = { _ in }) throws -> SASLExchange.Step {
        var exchange = SASLExchange(.atprotoChallenge, sessionID: "a", now: Self.now)
        var members = try members(exchange, method)
        change(&members)
        return exchange.receive(try text(members), now: Self.now)
    }

    private func headers(_ step: SASLExchange.Step) -> [String: String] {
        guard case .verify(.pdsToken(let token)) = step else { return [:] }
        return Dictionary(token.request.headers) { $1 }
    }

    @Test func theRequestHasTheTokenAndItsProof() throws {
        let step = try step("pds-session")
        #expect(headers(step) == ["Accept": "application/json", "Authorization": "Bearer token"])
        guard case .verify(.pdsToken(let token)) = step else { return }
        #expect(token.request.url == "https://pds.example.com/xrpc/com.atproto.server.getSession" && token.request.method == "GET")
        #expect(!"\(step)".contains("Bearer") && !"\(Credential.pdsToken(token))".contains("\"token\""))
        #expect(
            headers(try self.step("pds-oauth")) == ["Accept": "application/json", "Authorization": "DPoP token", "DPoP": "a.b.c"])
        #expect(headers(try self.step("pds-session") { $0["pds_url"] = "https://pds.example.com/" })["Authorization"] == "Bearer token")
    }

    @Test(arguments: ["pds-session", "pds-oauth"])
    func theNonceIsThatOfTheChallenge(_ method: String) throws {
        for nonce in ["", "x", String(repeating: "A", count: 43)] {
            #expect(try step(method) { $0["challenge_nonce"] = nonce } == .fail(.rejected))
        }
        #expect(try step(method) { $0["challenge_nonce"] = nil } == .fail(.badResponse))
        // One that was good for another challenge.
        let other = try members(SASLExchange(.atprotoChallenge, sessionID: "a", now: Self.now), method)
        #expect(try step(method) { $0 = other } == .fail(.rejected))
    }

    @Test(arguments: [
        ("did", ""), ("did", "alice.example.com"), ("did", "did:key:zQ3shqwJEJyMBsBXCWyCBpUBMqxcon9oHB7mCvx4sSpMdLJwc"),
        ("signature", ""), ("signature", "to ken"), ("signature", "token\r\nHost: evil.example.com"), ("signature", "tok\u{E9}n"),
        ("signature", "token\u{0}"), ("signature", String(repeating: "a", count: PDSToken.limit + 1)),
        ("pds_url", ""), ("pds_url", "ftp://pds.example.com"), ("pds_url", "https://a@pds.example.com"),
        ("pds_url", "https://pds.example.com/path"), ("pds_url", "https://pds.example.com?x"),
    ])
    func whatCannotBeAskedIsABadResponse(_ name: String, _ value: String) throws {
        for method in ["pds-session", "pds-oauth"] {
            #expect(try step(method) { $0[name] = value } == .fail(.badResponse))
            #expect(try step(method) { $0[name] = nil } == .fail(.badResponse))
        }
    }

    @Test func theProofIsOneHeader() throws {
        for proof in [nil, "", "a b", "a\r\nX: y", "a\nb", "\u{7F}", "ä", String(repeating: "a", count: PDSToken.limit + 1)] {
            #expect(try step("pds-oauth") { $0["dpop_proof"] = proof } == .fail(.badResponse))
            // Where none is needed, none is read.
            #expect(headers(try step("pds-session") { $0["dpop_proof"] = proof })["DPoP"] == nil)
        }
        let longest = String(repeating: "a", count: PDSToken.limit)
        #expect(headers(try step("pds-oauth") { $0["dpop_proof"] = longest })["DPoP"] == longest)
    }

    @Test func aNonceLeadsToAnotherChallengeThreeTimes() throws {
        var exchange = SASLExchange(.atprotoChallenge, sessionID: "a", now: Self.now)
        var challenge = exchange.opening
        for number in 1...3 {
            let used = try text(members(challenge, "pds-oauth"))
            guard case .verify = exchange.receive(used, now: Self.now),
                case .again(let nonce, let next) = exchange.refuse(.nonceNeeded("n\(number)"), now: Self.now + 50_000)
            else {
                Issue.record("it does not go on")
                return
            }
            #expect(nonce == "n\(number)" && next != challenge)
            // The stray end of the response before is not the next response, and the old response is not good again.
            #expect(exchange.receive("+", now: Self.now) == .wait)
            var copy = exchange
            #expect(copy.receive(used, now: Self.now + 50_000) == .fail(.rejected))
            challenge = next
        }
        // The last challenge has its own time.
        guard case .verify = exchange.receive(try text(members(challenge, "pds-oauth")), now: Self.now + 110_000),
            case .tell(let failure) = exchange.refuse(.nonceNeeded("n4"), now: Self.now)
        else {
            Issue.record("it goes on")
            return
        }
        #expect(failure.kind == .failed && failure.counts)
    }

    @Test func othersAreNotChallengedAgain() {
        var exchange = SASLExchange(.atprotoChallenge, sessionID: "a", now: Self.now)
        #expect(exchange.receive("+", now: Self.now) == .fail(.badResponse))
        #expect(exchange.refuse(.rejected, now: Self.now) == .tell(.rejected))
    }
}
