import AsyncHTTPClient
import Foundation
import NIOCore
import RoostTesting
import Testing

/// The faults a test can ask for do what they say, and only as often.
@Suite(.timeLimit(.minutes(2)))
struct PeerFaultTests {
    @Test func aDropBeforeTheWorkUsesNothingUp() async throws {
        try await withVisitor { peer, _, visitor in
            let tokens = try await visitor.signIn("alice.test")
            peer.add(PeerFault(.drop(.before), at: .refreshGrant))
            #expect(await visitor.statusOfRefresh(tokens.refresh) == nil)
            #expect(peer.log.last?.status == 0)
            #expect(try await visitor.refresh(tokens.refresh).status == 200)
        }
    }

    @Test func aDropAfterTheWorkLosesTheNewTokens() async throws {
        try await withVisitor { peer, _, visitor in
            let tokens = try await visitor.signIn("alice.test")
            peer.add(PeerFault(.drop(.after), at: .refreshGrant))
            #expect(await visitor.statusOfRefresh(tokens.refresh) == nil)
            #expect(peer.counters.refreshes == 1)
            #expect(try await visitor.refresh(tokens.refresh)["error"] == "invalid_grant")
        }
    }

    @Test func aHeldRequestThatIsDroppedWasNeverThere() async throws {
        try await withVisitor { peer, _, visitor in
            let tokens = try await visitor.signIn("alice.test")
            let gate = peer.hold(.refreshGrant, .middle)
            async let status = visitor.statusOfRefresh(tokens.refresh)
            await gate.arrived()
            gate.open(.drop)
            #expect(await status == nil)
            #expect(peer.counters.refreshes == 0)
            #expect(try await visitor.refresh(tokens.refresh).status == 200)
        }
    }

    @Test func aStatusComesBeforeOrAfterTheWork() async throws {
        try await withVisitor { peer, _, visitor in
            let tokens = try await visitor.signIn("alice.test")
            peer.add(PeerFault(.status(503, .before, headers: ["Retry-After": "7"]), at: .refreshGrant))
            let before = try await visitor.refresh(tokens.refresh)
            #expect(before.status == 503)
            #expect(before.header("Retry-After") == "7")
            #expect(peer.counters.refreshes == 0)
            peer.add(PeerFault(.status(502, .after), at: .refreshGrant))
            #expect(try await visitor.refresh(tokens.refresh).status == 502)
            #expect(peer.counters.refreshes == 1)
        }
    }

    @Test func anAnswerCanBePatched() async throws {
        try await withVisitor { peer, _, visitor in
            let tokens = try await visitor.signIn("alice.test")
            peer.add(PeerFault(.patch(["sub": "did:plc:mallory", "scope": nil]), at: .refreshGrant))
            let answer = try await visitor.refresh(tokens.refresh)
            #expect(answer["sub"] == "did:plc:mallory")
            #expect(answer["scope"] == nil)
            #expect(answer["access_token"] != nil)
        }
    }

    @Test func aFaultHitsTheRequestsItIsMeantFor() async throws {
        try await withVisitor { peer, _, visitor in
            let bob = peer.addAccount("bob.test")
            peer.add(PeerFault(.status(500, .before), at: .plc, account: bob.did, skip: 1, times: 2))
            var seen: [Int] = []
            for _ in 0..<4 { seen.append(try await visitor.send("GET", peer.origins.plc + "/" + bob.did).status) }
            #expect(seen == [200, 500, 500, 200])
            #expect(peer.log.map(\.wasFaulted) == [false, true, true, false])
        }
    }

    @Test func answersCanBeRedirectedOversizedSlowOrForeign() async throws {
        try await withVisitor { peer, alice, visitor async throws in
            let url = peer.origins.plc + "/" + alice.did
            peer.add(PeerFault(.redirect(to: "http://127.0.0.1:1/"), at: .plc))
            #expect(try await visitor.send("GET", url).status == 302)
            peer.add(PeerFault(.oversize(bytes: 1_000_000), at: .plc))
            #expect(try await visitor.send("GET", url).body.count == 1_000_000)
            peer.add(PeerFault(.contentType("text/html"), at: .plc))
            #expect(try await visitor.send("GET", url).header("Content-Type") == "text/html")
            peer.add(PeerFault(.body("no JSON"), at: .plc))
            #expect(try await visitor.send("GET", url).body == Data("no JSON".utf8))
            peer.add(PeerFault(.slowBody(.milliseconds(50)), at: .plc))
            #expect(try await visitor.send("GET", url)["id"] == alice.did)
            peer.add(PeerFault(.latency(.milliseconds(20), .before), at: .plc))
            #expect(try await visitor.send("GET", url)["id"] == alice.did)
        }
    }

    @Test func theCallbackCanLie() async throws {
        try await withVisitor { peer, _, visitor in
            peer.add(PeerFault(.callback(["iss": "http://127.0.0.1:1", "state": nil]), at: .authorize))
            let callback = try await visitor.authorize("alice.test", verifier: OAuthVisitor.random()).callback
            #expect(callback["iss"] == "http://127.0.0.1:1")
            #expect(callback["state"] == nil)
            #expect(callback["code"] != nil)
        }
    }

    @Test func stoppingLetsGoOfWhatIsHeld() async throws {
        let http = HTTPClient(eventLoopGroupProvider: .singleton)
        let peer = try await ATProtoPeer.start()
        let gate = peer.hold(.plc)
        let url = peer.origins.plc + "/did:plc:nobody"
        let answer = Task { try await http.execute(HTTPClientRequest(url: url), timeout: .seconds(30)) }
        await gate.arrived()
        await peer.stop()
        await #expect(throws: (any Error).self) { try await answer.value }
        try await http.shutdown()
    }
}
