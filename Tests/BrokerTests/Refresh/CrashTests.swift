import ATProto
import Foundation
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Broker

/// The process dies at each step of a refresh; another one opens the same database.
@LoopActor
@Suite struct CrashTests {
    private typealias House = BrokerHouse

    /// Stops the world of one broker at one step.
    @LoopActor
    private final class Crash: RefreshObserver {
        let step: RefreshStep
        let gate = Gate()

        init(at step: RefreshStep) {
            self.step = step
        }

        func refresh(of did: DID, reached step: RefreshStep) async {
            if step == self.step { await gate.pass() }
        }
    }

    @Test(arguments: [(RefreshStep.intentWritten, 200, 1, 0), (.answered, 401, 1, 1), (.stored, 200, 2, 0)])
    func theNextProcessFindsOutWithOneTry(_ step: RefreshStep, _ expected: Int, _ refreshes: Int, _ replays: Int) async throws {
        try await withTestDirectory { directory in
            let path = directory.appendingPathComponent("roost.db").path
            let crash = Crash(at: step)
            let before = try House(path: path, observer: crash)
            let token = try await before.login()
            before.expire()
            let lost = Task { await before.status(token) }
            await crash.gate.arrived()

            let after = try House(path: path, after: before)
            try await after.broker.start()
            #expect(try await after.store.unansweredRefreshes() == (step == .stored ? 0 : 1))
            #expect(await after.status(token) == expected)
            #expect(await after.status(token) == expected)
            #expect(after.network.refreshes[House.alice] == refreshes)
            #expect(after.network.replays == replays)
            if expected == 401 { #expect(await after.status(try await after.login()) == 200) }

            after.network.faults.failure = .unreachable(reason: "that process is dead")
            crash.gate.open()
            _ = await lost.value
            try after.database.close()
            try before.database.close()
        }
    }

    @Test func stepsComeInOrder() async throws {
        @LoopActor
        final class Steps: RefreshObserver {
            var seen: [RefreshStep] = []

            func refresh(of did: DID, reached step: RefreshStep) async {
                seen.append(step)
            }
        }
        let steps = Steps()
        let house = try House(observer: steps)
        let token = try await house.login()
        house.expire()
        #expect(await house.status(token) == 200)
        #expect(steps.seen == RefreshStep.allCases)
    }

    @Test func sessionsSurviveACleanRestart() async throws {
        try await withTestDirectory { directory in
            let path = directory.appendingPathComponent("roost.db").path
            let before = try House(path: path)
            let token = try await before.login()
            await before.broker.shutdown()
            try before.database.close()
            let after = try House(path: path, after: before)
            let requests = after.network.requests.count
            #expect(await after.status(token) == 200)
            #expect(after.network.requests.count == requests)
            after.expire()
            #expect(await after.status(token) == 200)
            #expect(after.network.replays == 0)
            try after.database.close()
        }
    }
}
