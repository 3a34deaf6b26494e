import MainLoop
import Testing

@testable import Broker

@LoopActor
@Suite struct RefreshGateTests {
    @Test func aBusyServerDoesNotHoldUpTheOthers() async {
        let gate = RefreshGate(perIssuer: 1, total: 3)
        var order: [String] = []
        await gate.enter("a")
        let second = Task {
            await gate.enter("a"); order.append("a")
        }
        for _ in 0..<20 { await Task.yield() }
        await gate.enter("b")
        order.append("b")
        gate.leave("a")
        await second.value
        #expect(order == ["b", "a"])
    }

    @Test func theTotalIsBounded() async {
        let gate = RefreshGate(perIssuer: 5, total: 2)
        var entered = 0
        let tasks = ["a", "b", "c", "d"].map { issuer in
            Task {
                await gate.enter(issuer); entered += 1
            }
        }
        for _ in 0..<50 { await Task.yield() }
        #expect(entered == 2)
        gate.leave("a")
        gate.leave("b")
        for task in tasks { await task.value }
        #expect(entered == 4)
    }
}
