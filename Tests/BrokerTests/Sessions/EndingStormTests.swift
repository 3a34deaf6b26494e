import Foundation
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Broker

/// Logins, renewals and ends in any order and at the same time: what is ended never answers again, what is not always does, and no
/// server is left with a session that nobody has.
@LoopActor
@Suite struct EndingStormTests {
    /// Numbers that are the same in every run with one seed.
    private struct Sequence: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func whatIsEndedStaysEnded(_ seed: UInt64) async throws {
        var random = Sequence(state: seed)
        var limits = BrokerLimits()
        (limits.sessionsPerAccount, limits.sessionBurst) = (4, 100_000)
        let house = try BrokerHouse(limits: limits)
        var live: [String] = []
        var ended: [String] = []
        for step in 0..<150 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0...2:
                live.append(try await house.login())
                for token in live {
                    guard case .live? = try await house.session(token)?.state else {
                        ended.append(token)
                        continue
                    }
                }
                live.removeAll(where: ended.contains)
            case 3: house.expire()
            case 4...6:
                guard let token = live.randomElement(using: &random) else { continue }
                #expect(await house.status(token) == 200, "seed \(seed), step \(step)")
            default:
                guard let token = live.randomElement(using: &random) else { continue }
                // At the same time as others ask for it, in one order or another.
                let before = (0..<Int.random(in: 0...3, using: &random)).map { _ in Task { await house.status(token) } }
                for _ in 0..<Int.random(in: 0...40, using: &random) { await Task.yield() }
                try await house.broker.logOut(brokerToken: token)
                let after = Task { await house.status(token) }
                for task in before { #expect([200, 401].contains(await task.value), "seed \(seed), step \(step)") }
                #expect(await after.value == 401, "seed \(seed), step \(step)")
                live.removeAll { $0 == token }
                ended.append(token)
            }
            if let token = ended.randomElement(using: &random) {
                #expect(await house.status(token) == 401, "seed \(seed), step \(step)")
            }
        }
        for token in live { try await house.broker.logOut(brokerToken: token) }
        #expect(await eventually { house.network.sessions.isEmpty }, "seed \(seed)")
        #expect(house.network.mostInFlight <= 1)
    }
}
