import MainLoop
import RoostTesting
import Testing

@testable import Broker

/// The table of faults in docs/broker.md: each row is made to happen, over sockets, and must come out as it is written.
@LoopActor
@Suite(.serialized) struct FaultTableTests {
    @Test func theTableHasARowForEachFaultAndNoOther() {
        #expect(FaultOutcome.table.count == FaultCase.all.count)
    }

    @Test(arguments: FaultCase.all)
    func aRowIsTrue(_ fault: FaultCase) async throws {
        var options = ATProtoPeerOptions()
        options.accessTokenLifetime = .seconds(0)
        try await withPeerHouse(
            options, limits: FaultOutcome.limits, at: FaultOutcome.publicURL, patience: fault.isTooSlow ? .seconds(2) : nil
        ) { house, peer in
            peer.addAccount("alice.test")
            try await house.publish(at: peer)
            let row = try await FaultOutcome(of: fault, house, peer).row(of: fault)
            #expect(FaultOutcome.table.contains(row), "docs/broker.md should say: \(row)")
        }
    }
}

extension ATProtoPeer: FaultyPeer {
    func cause(_ fault: FaultCase) {
        add(PeerFault(fault.action, at: fault.endpoint, skip: fault.skip))
    }

    func calm() { removeFaults() }

    func forgetRequests() { resetCounters() }

    func sessions() -> Int { liveSessions() }

    func requests(to endpoints: [PeerEndpoint]) -> Int {
        let requests = counters.requests
        return endpoints.reduce(0) { $0 + (requests[$1] ?? 0) }
    }
}
