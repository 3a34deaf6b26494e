import Foundation
import RoostTesting
import Testing

/// The life of a session at the peer: rotation, replay, overlap, revocation.
@Suite(.timeLimit(.minutes(2)))
struct PeerSessionTests {
    @Test func aRefreshReplacesBothTokens() async throws {
        try await withVisitor { peer, alice, visitor in
            let old = try await visitor.signIn("alice.test")
            let answer = try await visitor.refresh(old.refresh)
            #expect(answer.status == 200)
            #expect(answer["refresh_token"] != old.refresh)
            #expect(try await visitor.getSession(old.access)["error"] == "invalid_token")
            #expect(try await visitor.getSession(answer["access_token"] ?? "").status == 200)
            #expect(peer.counters.refreshesByAccount == [alice.did: 1])
            #expect(peer.counters.mostPresentationsOfOneRefreshToken == 1)
        }
    }

    @Test func aReplayedRefreshTokenCostsTheSession() async throws {
        try await withVisitor { peer, _, visitor in
            let old = try await visitor.signIn("alice.test")
            let new = try await visitor.refresh(old.refresh)
            #expect(try await visitor.refresh(old.refresh)["error"] == "invalid_grant")
            #expect(peer.liveSessions() == 0)
            #expect(peer.counters.replays == 1)
            #expect(peer.counters.deletedSessions == 1)
            #expect(peer.counters.mostPresentationsOfOneRefreshToken == 2)
            #expect(try await visitor.refresh(new["refresh_token"] ?? "")["error"] == "invalid_grant")
            #expect(try await visitor.getSession(new["access_token"] ?? "").status == 401)
        }
    }

    @Test func aMissingNonceDoesNotUseTheTokenUp() async throws {
        try await withVisitor { peer, _, visitor in
            let tokens = try await visitor.signIn("alice.test")
            peer.rotateNonces()
            #expect(try await visitor.refresh(tokens.refresh).status == 200)
            #expect(peer.counters.requests[.refreshGrant] == 2)
            #expect(peer.counters.refreshes == 1)
        }
    }

    @Test func anotherKeyCostsTheSession() async throws {
        try await withVisitor { peer, _, visitor in
            let tokens = try await visitor.signIn("alice.test")
            var thief = OAuthVisitor(peer: peer, http: visitor.http)
            #expect(try await thief.refresh(tokens.refresh)["error"] == "invalid_grant")
            #expect(peer.liveSessions() == 0)
        }
    }

    @Test func overlappingRefreshesAreCounted() async throws {
        try await withVisitor { peer, alice, visitor in
            let tokens = try await visitor.signIn("alice.test")
            let gate = peer.hold(.refreshGrant, .middle, times: 2)
            async let one = visitor.statusOfRefresh(tokens.refresh)
            async let two = visitor.statusOfRefresh(tokens.refresh)
            await gate.arrived(2)
            gate.open()
            #expect(await Set([one, two]) == [200, 500])
            #expect(peer.counters.maximumRefreshesInFlight == 2)
            #expect(peer.counters.maximumRefreshesInFlightByAccount == [alice.did: 2])
            #expect(peer.counters.overlappingRefreshes == 1)
            #expect(peer.liveSessions() == 1)
        }
    }

    @Test func oneRefreshAfterTheOtherDoesNotOverlap() async throws {
        try await withVisitor { peer, _, visitor in
            var token = try await visitor.signIn("alice.test").refresh
            for _ in 0..<3 { token = try await visitor.refresh(token)["refresh_token"] ?? "" }
            #expect(peer.counters.refreshes == 3)
            #expect(peer.counters.maximumRefreshesInFlight == 1)
            #expect(peer.counters.overlappingRefreshes == 0)
        }
    }

    @Test func revocationEndsTheSession() async throws {
        try await withVisitor { peer, _, visitor in
            let tokens = try await visitor.signIn("alice.test")
            let form = ["client_id": OAuthVisitor.clientID, "token": tokens.refresh]
            #expect(try await visitor.post("/oauth/revoke", form).status == 200)
            #expect(try await visitor.post("/oauth/revoke", form).status == 200)
            #expect(peer.counters.revokedSessions == 1)
            #expect(try await visitor.refresh(tokens.refresh)["error"] == "invalid_grant")
        }
    }

    @Test func aTakenDownAccountIsRefused() async throws {
        try await withVisitor { peer, alice, visitor in
            let tokens = try await visitor.signIn("alice.test")
            peer.change(alice.did) { $0.status = .takenDown }
            #expect(try await visitor.getSession(tokens.access).status == 401)
            #expect(try await visitor.refresh(tokens.refresh)["error"] == "invalid_grant")
        }
    }

    @Test func anAccessTokenDiesOfAge() async throws {
        try await withVisitor { peer, _, visitor in
            peer.configure { $0.accessTokenLifetime = .seconds(5) }
            let tokens = try await visitor.signIn("alice.test")
            #expect(try await visitor.getSession(tokens.access).status == 200)
            peer.configure { $0.clockOffset = 6 }
            #expect(try await visitor.getSession(tokens.access)["error"] == "invalid_token")
        }
    }
}
