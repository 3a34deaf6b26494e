import AsyncHTTPClient
import Foundation
import NIOCore
import RoostTesting
import Testing

/// `POST /session` under load: one account costs the PDS one refresh, however many ask.
@Suite(.serialized) struct SessionTests {
    @Test func twoHundredCallersShareOneRefresh() async throws {
        try await withRoost(.stale) { (roost: RunningRoost, peer: ATProtoPeer, browser: HTTPClient) async throws in
            peer.addAccount("alice.test")
            let login = try await roost.logIn("alice.test", browser: browser)
            let gate = peer.hold(.refreshGrant, .before)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<200 { group.addTask { try await roost.session(login.broker_token, browser: browser).status } }
                await gate.arrived()
                gate.open()
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses == Array(repeating: 200, count: 200))
            // Those whose connection came after the answer may have found the new token stale again; never two at once.
            #expect(peer.counters.maximumRefreshesInFlight == 1)
            #expect(peer.counters.overlappingRefreshes == 0 && peer.counters.replays == 0)
            #expect(peer.counters.mostPresentationsOfOneRefreshToken == 1)
        }
    }

    @Test func fiftyAccountsDoNotWaitForEachOther() async throws {
        try await withRoost(.stale) { (roost: RunningRoost, peer: ATProtoPeer, browser: HTTPClient) async throws in
            var tokens: [String] = []
            for number in 0..<50 {
                peer.addAccount("user\(number).test")
                tokens.append(try await roost.logIn("user\(number).test", browser: browser).broker_token)
            }
            peer.configure { $0.accessTokenLifetime = .seconds(600) }
            let did = try #require(peer.log.last { $0.account != nil }?.account)
            let gate = PeerGate()
            peer.add(PeerFault(.hold(gate, .before), at: .refreshGrant, account: did))
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for token in tokens { group.addTask { try await roost.session(token, browser: browser).status } }
                await gate.arrived()
                var statuses: [Int] = []
                while statuses.count < 49, let status = try await group.next() { statuses.append(status) }
                gate.open()
                while let status = try await group.next() { statuses.append(status) }
                return statuses
            }
            #expect(statuses == Array(repeating: 200, count: 50))
            #expect(peer.counters.refreshes == 50 && peer.counters.overlappingRefreshes == 0)
        }
    }

    @Test func aCallerThatGoesAwayStopsNothing() async throws {
        try await withRoost(.stale) { (roost: RunningRoost, peer: ATProtoPeer, browser: HTTPClient) async throws in
            peer.addAccount("alice.test")
            let login = try await roost.logIn("alice.test", browser: browser)
            peer.configure { $0.accessTokenLifetime = .seconds(600) }
            let gate = peer.hold(.refreshGrant, .before)
            let caller = Task { try await roost.session(login.broker_token, browser: browser).status }
            await gate.arrived()
            caller.cancel()
            _ = await caller.result
            gate.open()
            #expect(try await roost.session(login.broker_token, browser: browser).status == 200)
            #expect(peer.counters.refreshes == 1 && peer.counters.replays == 0)
        }
    }
}
