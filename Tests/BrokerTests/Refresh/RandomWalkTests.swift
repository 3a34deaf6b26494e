import ATProto
import Foundation
import MainLoop
import RoostTesting
import Testing

@testable import Broker

/// Callers, faults, jumps of the clock and kills in an order that nobody thought of.
///
/// `ROOST_TEST_SEED=…` walks others; a run that fails names its seed.
@LoopActor
@Suite struct RandomWalkTests {
    @Test(.timeLimit(.minutes(15))) func noSessionIsLostButByItsServer() async throws {
        let asked = ProcessInfo.processInfo.environment["ROOST_TEST_SEED"].flatMap { UInt64($0) }
        let seed = asked ?? 20_261_126
        try await withTestDirectory { directory in
            let walk = try BrokerWalk(seed: seed, path: directory.appendingPathComponent("roost.db").path)
            for _ in 0..<10_000 where walk.problems.isEmpty { try await walk.step() }
            try await walk.settle()
            #expect(walk.problems.isEmpty, "seed \(seed)")
            // A walk that does nothing proves nothing.
            #expect(walk.counts[.called, default: 0] > 5000, "seed \(seed): \(walk.counts)")
            #expect(walk.counts[.ok, default: 0] > walk.counts[.unavailable, default: 0], "seed \(seed): \(walk.counts)")
            for what in BrokerWalk.Count.allCases {
                #expect(walk.counts[what, default: 0] > 0, "seed \(seed): never \(what)")
            }
        }
    }
}
