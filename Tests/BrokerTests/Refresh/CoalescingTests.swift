import ATProto
import Foundation
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Broker

/// Many callers, one account: one refresh.
@LoopActor
@Suite struct CoalescingTests {
    private typealias House = BrokerHouse

    @Test func aGoodAccessTokenCostsNothing() async throws {
        let house = try House()
        let token = try await house.login()
        let before = house.network.requests.count
        for _ in 0..<50 { #expect(await house.status(token) == 200) }
        #expect(house.network.requests.count == before)
        #expect(house.directory.freshResolutions == 2)
    }

    @Test func twoHundredCallersShareOneRefresh() async throws {
        let house = try House()
        let token = try await house.login()
        house.expire()
        let gate = Gate()
        house.network.faults.gates[nil] = gate
        let callers = (0..<200).map { _ in Task { await house.status(token) } }
        await gate.arrived()
        gate.open()
        for caller in callers { #expect(await caller.value == 200) }
        #expect(house.network.refreshes[House.alice] == 1)
        #expect(house.network.mostInFlight == 1)
        #expect(house.network.replays == 0)
    }

    @Test func theFirstRefreshWithoutAGateIsSharedToo() async throws {
        let house = try House()
        let token = try await house.login()
        for round in 1...5 {
            house.expire()
            let callers = (0..<40).map { _ in Task { await house.status(token) } }
            for caller in callers { #expect(await caller.value == 200) }
            #expect(house.network.refreshes[House.alice] == round)
        }
        #expect(house.network.mostInFlight == 1)
    }

    @Test func accountsDoNotWaitForEachOther() async throws {
        let house = try House()
        var tokens: [String] = []
        for index in 0..<50 {
            let did =
                "did:plc:" + String(repeating: "a", count: 22) + ["2", "3", "4", "5", "6", "7", "b", "c"][index / 8]
                + ["2", "3", "4", "5", "6", "7", "b", "c"][index % 8]
            house.directory.add(did, handle: "user\(index).example.net")
            tokens.append(try await house.login(handle: "user\(index).example.net", as: did))
        }
        house.expire()
        let slow = try #require(try await house.session(tokens[0])).did
        let gate = Gate()
        house.network.faults.gates[slow] = gate
        let first = Task { await house.status(tokens[0]) }
        await gate.arrived()
        let others = tokens.dropFirst().map { token in Task { await house.status(token) } }
        for other in others { #expect(await other.value == 200) }
        #expect(house.network.refreshes[slow] == nil)
        gate.open()
        #expect(await first.value == 200)
        #expect(house.network.refreshes.values.allSatisfy { $0 == 1 })
        #expect(house.network.refreshes.count == 50)
    }

    @Test func callersThatGoAwayDoNotStopTheRefresh() async throws {
        let house = try House()
        let token = try await house.login()
        house.expire()
        let gate = Gate()
        house.network.faults.gates[nil] = gate
        let callers = (0..<10).map { _ in Task { await house.status(token) } }
        await gate.arrived()
        for caller in callers { caller.cancel() }
        gate.open()
        for caller in callers { _ = await caller.value }
        #expect(house.network.refreshes[House.alice] == 1)
        #expect(await house.status(token) == 200)
        #expect(house.network.refreshes[House.alice] == 1)
        #expect(house.network.replays == 0)
    }

    @Test func devicesOfOneAccountHaveTheirOwnSessions() async throws {
        let house = try House()
        let (phone, desk) = (try await house.login(), try await house.login())
        house.expire()
        #expect(await house.status(phone) == 200)
        #expect(await house.status(desk) == 200)
        #expect(house.network.refreshes[House.alice] == 2)
        #expect(house.network.sessions.count == 2)
    }

    @Test func refreshesPerServerAreBounded() async throws {
        var limits = BrokerLimits()
        limits.refreshesPerIssuer = 2
        let house = try House(limits: limits)
        var tokens: [String] = []
        for _ in 0..<5 { tokens.append(try await house.login()) }
        house.expire()
        let gate = Gate()
        house.network.faults.gates[nil] = gate
        let callers = tokens.map { token in Task { await house.status(token) } }
        await gate.arrived(2)
        for _ in 0..<200 { await Task.yield() }
        #expect(gate.arrivals == 2)
        gate.open()
        for caller in callers { #expect(await caller.value == 200) }
    }

    @Test func theBacklogIsBounded() async throws {
        var limits = BrokerLimits()
        limits.refreshBacklog = 1
        let house = try House(limits: limits)
        let (first, second) = (try await house.login(), try await house.login())
        house.expire()
        let gate = Gate()
        house.network.faults.gates[nil] = gate
        let running = Task { await house.status(first) }
        await gate.arrived()
        #expect(await house.status(second) == 503)
        gate.open()
        #expect(await running.value == 200)
        #expect(await house.status(second) == 200)
    }

    @Test func aNonceThatWentOldCostsOneMoreRequest() async throws {
        let house = try House()
        let token = try await house.login()
        house.expire()
        house.network.rotateNonce()
        #expect(await house.status(token) == 200)
        #expect(house.network.refreshes[House.alice] == 1)
        #expect(house.network.replays == 0)
    }

    @Test func shutdownWaitsForTheRefreshAndBeginsNone() async throws {
        let house = try House()
        let (first, second) = (try await house.login(), try await house.login())
        house.expire()
        let gate = Gate()
        house.network.faults.gates[nil] = gate
        let running = Task { await house.status(first) }
        await gate.arrived()
        let stopped = Task { await house.broker.shutdown() }
        #expect(await eventually { await house.isStopping() })
        #expect(await house.status(second) == 503)
        gate.open()
        await stopped.value
        #expect(try await house.session(first)?.generation == 1)
        #expect(await running.value == 200)
        await #expect(throws: BrokerError.self) { try await house.broker.beginLogin(LoginRequest(handle: "alice.bsky.social")) }
    }

    @Test func shutdownDoesNotWaitForEver() async throws {
        let house = try House()
        let token = try await house.login()
        house.expire()
        let gate = Gate()
        house.network.faults.gates[nil] = gate
        let running = Task { await house.status(token) }
        await gate.arrived()
        let stopped = Task { await house.broker.shutdown() }
        let limit = BrokerLimits().shutdownBudget
        #expect(await eventually { await house.isStopping() })
        house.clock.advance(by: limit)
        await stopped.value
        gate.open()
        #expect(await running.value == 200)
    }
}

extension BrokerHouse {
    /// Whether ``Broker/shutdown()`` has begun.
    fileprivate func isStopping() async -> Bool {
        do {
            _ = try await broker.beginLogin(LoginRequest(handle: ""))
            return false
        } catch {
            return error.status == 503
        }
    }
}
