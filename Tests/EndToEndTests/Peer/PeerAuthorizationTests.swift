import Foundation
import RoostTesting
import Testing

/// What the peer's authorization server takes and what it refuses before it gives tokens.
@Suite(.timeLimit(.minutes(2)))
struct PeerAuthorizationTests {
    @Test func aPersonSignsInAndTheTokenWorks() async throws {
        try await withVisitor { peer, alice, visitor in
            let tokens = try await visitor.signIn("alice.test")
            #expect(tokens.did == alice.did)
            let session = try await visitor.getSession(tokens.access)
            #expect(session.status == 200)
            #expect(session["did"] == alice.did)
            #expect(peer.liveSessions(of: alice.did) == 1)
            #expect(peer.counters.codeGrants == 1)
        }
    }

    @Test func theCallbackCarriesIssuerStateAndCode() async throws {
        try await withVisitor { peer, _, visitor in
            let answer = try await visitor.authorize("alice.test", verifier: OAuthVisitor.random())
            #expect(answer.status == 303)
            #expect(Set(answer.callback.keys) == ["iss", "state", "code"])
            #expect(answer.callback["iss"] == peer.origins.issuer)
        }
    }

    @Test func everyProofNeedsTheNewestNonces() async throws {
        try await withVisitor { peer, _, visitor in
            let url = peer.origins.issuer + "/oauth/par"
            let form = OAuthVisitor.pushForm(hint: "alice.test", verifier: OAuthVisitor.random())
            let first = try await visitor.send("POST", url, form: form, headers: ["DPoP": try visitor.proof("POST", url)])
            #expect(first.status == 400)
            #expect(first["error"] == "use_dpop_nonce")
            #expect(first.header("DPoP-Nonce") != nil)
            let second = try await visitor.send("POST", url, form: form, headers: ["DPoP": try visitor.proof("POST", url)])
            #expect(second.status == 201)
            peer.rotateNonces()
            let third = try await visitor.send("POST", url, form: form, headers: ["DPoP": try visitor.proof("POST", url)])
            #expect(third["error"] == "use_dpop_nonce")
            #expect(peer.log.map(\.nonce) == [.missing, .current, .stale])
            #expect(peer.counters.nonceChallenges == 2)
        }
    }

    @Test func theResourceServerAsksForItsNonceWith401() async throws {
        try await withVisitor { peer, _, visitor in
            let tokens = try await visitor.signIn("alice.test")
            let url = peer.origins.pds + "/xrpc/com.atproto.server.getSession"
            let proof = try visitor.proof("GET", url, accessToken: tokens.access)
            let answer = try await visitor.send("GET", url, headers: ["Authorization": "DPoP " + tokens.access, "DPoP": proof])
            #expect(answer.status == 401)
            #expect(answer.header("WWW-Authenticate")?.contains("use_dpop_nonce") == true)
        }
    }

    @Test(arguments: [
        OAuthVisitor.ProofChanges(type: "jwt"), .init(method: "GET"), .init(url: "http://127.0.0.1:1/oauth/par"),
        .init(url: "?query"), .init(issuedAt: 1_000_000_000), .init(accessToken: "none of the server's business"),
        .init(showsPrivateKey: true), .init(breaksSignature: true), .init(identifier: ""),
    ])
    func aWrongProofIsRefused(_ wrong: OAuthVisitor.ProofChanges) async throws {
        try await withVisitor { peer, _, visitor in
            var changes = wrong
            if changes.url == "?query" { changes.url = peer.origins.issuer + "/oauth/par?a=b" }
            let form = OAuthVisitor.pushForm(hint: "alice.test", verifier: OAuthVisitor.random())
            #expect(try await visitor.post("/oauth/par", [:]).status == 400)
            let answer = try await visitor.post("/oauth/par", form, changes)
            #expect(answer.status == 401)
            #expect(answer["error"] == "invalid_dpop_proof")
            #expect(try await visitor.post("/oauth/par", form).status == 201)
        }
    }

    @Test func aProofIsGoodForOneRequest() async throws {
        try await withVisitor { peer, _, visitor in
            let changes = OAuthVisitor.ProofChanges(identifier: "the-same")
            let answers = [
                try await visitor.post(
                    "/oauth/par", OAuthVisitor.pushForm(hint: "alice.test", verifier: OAuthVisitor.random()), changes),
                try await visitor.post(
                    "/oauth/par", OAuthVisitor.pushForm(hint: "alice.test", verifier: OAuthVisitor.random()), changes),
            ]
            #expect(answers.map(\.status) == [201, 401])
        }
    }

    @Test(
        arguments: [
            ("state", nil, "invalid_request"), ("state", "short", "invalid_request"), ("code_challenge", nil, "invalid_request"),
            ("code_challenge_method", "plain", "invalid_request"), ("response_type", "token", "unsupported_response_type"),
            ("scope", "transition:generic", "invalid_scope"), ("scope", "atproto transition:generic", "invalid_scope"),
            ("redirect_uri", "http://127.0.0.1:9/elsewhere", "invalid_redirect_uri"),
            ("redirect_uri", "http://127.0.0.1:10/auth/callback", "invalid_redirect_uri"), ("client_id", nil, "invalid_client"),
            ("client_id", "https://irc.example.com/client-metadata.json", "invalid_client_metadata"),
            ("client_id", "http://localhost:8080?scope=atproto", "invalid_client_metadata"), ("client_secret", "x", "invalid_request"),
        ] as [(String, String?, String)])
    func aWrongPushIsRefused(_ name: String, _ value: String?, _ error: String) async throws {
        try await withVisitor { _, _, visitor in
            var form = OAuthVisitor.pushForm(hint: "alice.test", verifier: OAuthVisitor.random())
            form[name] = value
            let answer = try await visitor.post("/oauth/par", form)
            #expect(answer.status == 400)
            #expect(answer["error"] == error)
        }
    }

    @Test func stateAndChallengeAreNeverUsedTwice() async throws {
        try await withVisitor { _, _, visitor async throws in
            let first = OAuthVisitor.pushForm(hint: "alice.test", verifier: OAuthVisitor.random())
            #expect(try await visitor.post("/oauth/par", first).status == 201)
            var second = OAuthVisitor.pushForm(hint: "alice.test", verifier: OAuthVisitor.random())
            second["state"] = first["state"]
            #expect(try await visitor.post("/oauth/par", second).status == 400)
            var third = OAuthVisitor.pushForm(hint: "alice.test", verifier: OAuthVisitor.random())
            third["code_challenge"] = first["code_challenge"]
            #expect(try await visitor.post("/oauth/par", third).status == 400)
        }
    }

    @Test func nobodyIsSignedInWithoutAPushedRequest() async throws {
        try await withVisitor { peer, _, visitor async throws in
            let url = peer.origins.issuer + "/oauth/authorize"
            #expect(try await visitor.send("GET", url + "?client_id=x&request_uri=urn:x").status == 400)
            #expect(try await visitor.send("GET", url + "?client_id=x&response_type=code").status == 400)
            #expect(try await visitor.send("GET", peer.origins.issuer + "/oauth/par").status == 405)
        }
    }

    @Test func aWrongVerifierBurnsTheCode() async throws {
        try await withVisitor { peer, _, visitor in
            let verifier = OAuthVisitor.random()
            let code = try await visitor.authorize("alice.test", verifier: verifier).callback["code"] ?? ""
            #expect(try await visitor.exchange(code: code, verifier: OAuthVisitor.random())["error"] == "invalid_grant")
            #expect(try await visitor.exchange(code: code, verifier: verifier)["error"] == "invalid_grant")
            #expect(peer.liveSessions() == 0)
        }
    }

    @Test func aCodeThatComesTwiceCostsItsSession() async throws {
        try await withVisitor { peer, _, visitor in
            let verifier = OAuthVisitor.random()
            let code = try await visitor.authorize("alice.test", verifier: verifier).callback["code"] ?? ""
            let answer = try await visitor.exchange(code: code, verifier: verifier)
            #expect(answer.status == 200)
            #expect(try await visitor.exchange(code: code, verifier: verifier)["error"] == "invalid_grant")
            #expect(peer.liveSessions() == 0)
            #expect(peer.counters.codeReplays == 1)
            #expect(try await visitor.getSession(answer["access_token"] ?? "").status == 401)
        }
    }

    @Test func whoSignsInIsUpToTheOptions() async throws {
        try await withVisitor { peer, _, visitor in
            let bob = peer.addAccount("bob.test")
            peer.configure { $0.approval = .account(bob.did) }
            #expect(try await visitor.signIn("alice.test").did == bob.did)
            peer.configure { $0.approval = .denied }
            let callback = try await visitor.authorize("alice.test", verifier: OAuthVisitor.random()).callback
            #expect(callback["error"] == "access_denied")
            #expect(callback["code"] == nil)
        }
    }

    @Test func anAuthorizationServerOfItsOwnHasNoncesOfItsOwn() async throws {
        var options = ATProtoPeerOptions()
        options.separateAuthorizationServer = true
        try await withVisitor(options) { peer, _, visitor in
            #expect(peer.origins.pds != peer.origins.issuer)
            let tokens = try await visitor.signIn("alice.test")
            #expect(try await visitor.getSession(tokens.access).status == 200)
            #expect(visitor.nonces[peer.origins.pds] != visitor.nonces[peer.origins.issuer])
            #expect(try await visitor.send("POST", peer.origins.pds + "/oauth/par", form: [:]).status == 404)
        }
    }
}
