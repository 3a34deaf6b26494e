import Foundation
import MainLoop
import RoostTesting
import Testing

@testable import ATProto

@LoopActor
@Suite struct OAuthClientTests {
    private let clock = VirtualClock()
    private let publicClient = ClientCredential(clientID: "https://irc.example.com/client-metadata.json", key: nil)

    private func oauth(_ fetcher: ScriptedFetcher) throws -> OAuthClient {
        OAuthClient(
            identity: try ClientIdentity(publicURL: #require(Origin("https://irc.example.com"))), fetcher: fetcher, clock: clock,
            allowsHTTP: false)
    }

    private func server() throws -> AuthorizationServer {
        try AuthorizationServer(
            json: ServerMetadata.server(), issuer: ServerMetadata.issuer, pds: #require(Origin(ServerMetadata.pds)), allowsHTTP: false)
    }

    private func grant() -> TokenGrant {
        TokenGrant(
            refreshToken: "old", client: ClientCredential(clientID: "https://old.example.com/client-metadata.json", key: nil),
            key: DPoPKey())
    }

    private static func wantsNonce(_ nonce: String?) -> ScriptedFetcher.Answer {
        .success(.json("{\"error\":\"use_dpop_nonce\"}", status: 400, headers: nonce.map { [("DPoP-Nonce", $0)] } ?? []))
    }

    private static let tokens = ScriptedFetcher.Answer.success(
        .json("{\"access_token\":\"a\",\"refresh_token\":\"new\"}", headers: [("DPoP-Nonce", "n2")]))

    private func proofs(_ fetcher: ScriptedFetcher) throws -> [ProofParts.Claims] {
        try fetcher.requests.map { try ProofParts($0.header("DPoP") ?? "").claims }
    }

    @Test func refreshSendsTheGrantOfItsSession() async throws {
        let fetcher = ScriptedFetcher([Self.tokens])
        guard case .rotated(let answer) = await (try oauth(fetcher)).refresh(grant(), at: try server()) else {
            Issue.record("not rotated")
            return
        }
        #expect(answer.refreshToken == "new")
        let request = try #require(fetcher.requests.first)
        #expect(request.method == "POST")
        #expect(request.url == "https://as.example.com/token")
        #expect(request.header("Content-Type") == "application/x-www-form-urlencoded")
        #expect(
            request.form == [
                "grant_type": "refresh_token", "refresh_token": "old", "client_id": "https://old.example.com/client-metadata.json",
            ])
    }

    @Test func nonceIsRetriedOnceWithANewProof() async throws {
        let fetcher = ScriptedFetcher([Self.wantsNonce("n1"), Self.tokens])
        guard case .rotated = await (try oauth(fetcher)).refresh(grant(), at: try server()) else {
            Issue.record("not rotated")
            return
        }
        let proofs = try proofs(fetcher)
        #expect(proofs.map(\.nonce) == [nil, "n1"])
        #expect(proofs[0].jti != proofs[1].jti)
    }

    @Test func nonceIsNotRetriedTwice() async throws {
        let fetcher = ScriptedFetcher([Self.wantsNonce("n1"), Self.wantsNonce("n2"), Self.tokens])
        guard case .notSent = await (try oauth(fetcher)).refresh(grant(), at: try server()) else {
            Issue.record("not notSent")
            return
        }
        #expect(fetcher.requests.count == 2)
    }

    @Test func nonceErrorWithoutNonceIsNotRetried() async throws {
        let fetcher = ScriptedFetcher([Self.wantsNonce(nil), Self.tokens])
        guard case .notSent = await (try oauth(fetcher)).refresh(grant(), at: try server()) else {
            Issue.record("not notSent")
            return
        }
        #expect(fetcher.requests.count == 1)
    }

    @Test func newestNonceIsKeptFromSuccessAndFailure() async throws {
        let failed = ScriptedFetcher.Answer.success(
            .json("{\"error\":\"invalid_grant\"}", status: 400, headers: [("dpop-nonce", "n3")]))
        let fetcher = ScriptedFetcher([Self.tokens, failed, Self.tokens])
        let client = try oauth(fetcher)
        for _ in 0..<3 { _ = await client.refresh(grant(), at: try server()) }
        #expect(try proofs(fetcher).map(\.nonce) == [nil, "n2", "n3"])
    }

    @Test func networkFailuresAreSortedByWhetherTheServerMayHaveSeenThem() async throws {
        guard case .unknown = await (try oauth(ScriptedFetcher([.failure(.timeout)]))).refresh(grant(), at: try server()) else {
            Issue.record("timeout")
            return
        }
        let refused = ScriptedFetcher([.failure(.refused(reason: "private address"))])
        guard case .notSent = await (try oauth(refused)).refresh(grant(), at: try server()) else {
            Issue.record("refused")
            return
        }
    }

    @Test func pushesTheRequestAndPointsTheBrowser() async throws {
        let fetcher = ScriptedFetcher([
            Self.wantsNonce("n1"), .success(.json("{\"request_uri\":\"urn:x:1\",\"expires_in\":299}", status: 201)),
        ])
        let request = AuthorizationRequest(server: try server(), client: publicClient, loginHint: "alice.example.com")
        let url = try await oauth(fetcher).push(request)
        #expect(
            url == "https://as.example.com/authorize?client_id=https%3A%2F%2Firc.example.com%2Fclient-metadata.json&request_uri=urn%3Ax%3A1"
        )
        let last = try #require(fetcher.requests.last)
        #expect(last.url == "https://as.example.com/par")
        #expect(
            last.form == [
                "client_id": "https://irc.example.com/client-metadata.json", "response_type": "code",
                "redirect_uri": "https://irc.example.com/auth/callback", "scope": "atproto", "state": request.state,
                "code_challenge": request.pkce.challenge, "code_challenge_method": "S256", "login_hint": "alice.example.com",
            ])
    }

    @Test func pushFailuresAreTold() async throws {
        let request = AuthorizationRequest(server: try server(), client: publicClient, loginHint: "x")
        for answer in [
            FetchResponse.json("{\"error\":\"invalid_scope\"}", status: 400), .json("{}", status: 201), .json("no", status: 201),
        ] {
            let client = try oauth(ScriptedFetcher([.success(answer)]))
            await #expect(throws: OAuthError.self) { try await client.push(request) }
        }
    }

    @Test func redeemsTheCodeWithTheVerifier() async throws {
        let fetcher = ScriptedFetcher([Self.tokens])
        let request = AuthorizationRequest(server: try server(), client: publicClient, loginHint: "x")
        #expect(try await oauth(fetcher).redeem(code: "c&1", of: request).accessToken == "a")
        #expect(
            fetcher.requests.first?.form == [
                "client_id": "https://irc.example.com/client-metadata.json", "grant_type": "authorization_code", "code": "c&1",
                "redirect_uri": "https://irc.example.com/auth/callback", "code_verifier": request.pkce.verifier,
            ])
    }

    @Test func revokesWhereTheServerCan() async throws {
        let fetcher = ScriptedFetcher([.success(.json("{}"))])
        await (try oauth(fetcher)).revoke(grant(), at: try server())
        #expect(fetcher.requests.first?.url == "https://as.example.com/revoke")
        #expect(fetcher.requests.first?.form["token"] == "old")
    }

    @Test func aConfidentialClientSignsEveryRequestAnew() async throws {
        let key = ClientKey()
        let confidential = ClientCredential(clientID: "https://irc.example.com/oauth-client-metadata.json", key: key)
        let request = AuthorizationRequest(server: try server(), client: confidential, loginHint: "x")
        let grant = TokenGrant(refreshToken: "old", client: confidential, key: DPoPKey())
        let fetcher = ScriptedFetcher([
            Self.wantsNonce("n1"), .success(.json("{\"request_uri\":\"urn:x:1\"}", status: 201)), Self.tokens, Self.tokens,
            .success(.json("{}")),
        ])
        let client = try oauth(fetcher)
        let url = try await client.push(request)
        #expect(url.contains("client_id=https%3A%2F%2Firc.example.com%2Foauth-client-metadata.json&"))
        _ = try await client.redeem(code: "c", of: request)
        _ = await client.refresh(grant, at: try server())
        await client.revoke(grant, at: try server())
        var identifiers: Set<String> = []
        for request in fetcher.requests {
            #expect(request.form["client_id"] == confidential.clientID)
            #expect(request.form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            let assertion = try PeerAssertion(request.form["client_assertion"] ?? "")
            #expect(assertion.header.alg == "ES256" && assertion.header.kid == key.id)
            #expect(assertion.isSigned(by: key.publicKey))
            #expect(assertion.claims.iss == confidential.clientID && assertion.claims.sub == confidential.clientID)
            #expect(assertion.claims.aud == "https://as.example.com")
            #expect(assertion.claims.iat == clock.wallMilliseconds / 1000 - 5)
            #expect(assertion.claims.exp == assertion.claims.iat + 60)
            identifiers.insert(assertion.claims.jti)
        }
        #expect(fetcher.requests.count == 5 && identifiers.count == 5)
    }
}
