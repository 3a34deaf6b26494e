import AsyncHTTPClient
import Foundation
import RoostTesting
import Testing

/// kill -9 between sending a refresh and answering its callers. Whatever the server did not see twice still works;
/// what it did see twice ends in 401, never in a loop of 502.
@Suite(.serialized) struct CrashTests {
    /// Kills the daemon while the peer holds its refresh at `stage`, drops the answer, starts the daemon again.
    private func crash(
        at stage: PeerFault.Stage, _ after: (RunningRoost, ATProtoPeer, () async throws -> Int) async throws -> Void
    ) async throws {
        try await withRoost(.stale) { (roost: RunningRoost, peer: ATProtoPeer, browser: HTTPClient) async throws in
            peer.addAccount("alice.test")
            let login = try await roost.logIn("alice.test", browser: browser)
            let gate = peer.hold(.refreshGrant, stage)
            let caller = Task { try await roost.session(login.broker_token, browser: browser).status }
            await gate.arrived()
            await roost.process.kill()
            gate.open(.drop)
            _ = await caller.result
            try await roost.startAgain()
            try await after(roost, peer) { try await roost.session(login.broker_token, browser: browser).status }
        }
    }

    @Test func beforeTheServerSawIt() async throws {
        try await crash(at: .before) { (_: RunningRoost, peer: ATProtoPeer, session: () async throws -> Int) async throws in
            #expect(try await session() == 200)
            #expect(peer.counters.replays == 0)
        }
    }

    @Test func beforeTheServerRotated() async throws {
        try await crash(at: .middle) { (_: RunningRoost, peer: ATProtoPeer, session: () async throws -> Int) async throws in
            #expect(try await session() == 200)
            #expect(peer.counters.replays == 0)
        }
    }

    @Test func afterTheServerRotated() async throws {
        try await crash(at: .after) { (_: RunningRoost, peer: ATProtoPeer, session: () async throws -> Int) async throws in
            #expect(try await session() == 401)
            let refreshes = peer.counters.refreshes
            for _ in 0..<3 { #expect(try await session() == 401) }
            #expect(peer.counters.refreshes == refreshes)
            #expect(peer.counters.mostPresentationsOfOneRefreshToken == 2)
        }
    }

    @Test func afterTheAnswerWasStored() async throws {
        try await withRoost(.stale) { (roost: RunningRoost, peer: ATProtoPeer, browser: HTTPClient) async throws in
            peer.addAccount("alice.test")
            let login = try await roost.logIn("alice.test", browser: browser)
            #expect(try await roost.session(login.broker_token, browser: browser).status == 200)
            await roost.process.kill()
            try await roost.startAgain()
            #expect(try await roost.session(login.broker_token, browser: browser).status == 200)
            #expect(peer.counters.refreshes == 2 && peer.counters.replays == 0)
        }
    }
}
