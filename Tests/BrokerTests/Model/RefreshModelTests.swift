import Testing

@testable import Broker

/// Every world that a session can come into, with the machine that the broker runs: crashes, lost answers, broken databases, clocks
/// that jump and servers that say anything, in every order.
@Suite struct RefreshModelTests {
    @Test(.timeLimit(.minutes(10))) func aSessionThatItsServerHasIsServed() {
        var explorer = RefreshExplorer()
        explorer.explore(limit: 200_000)
        #expect(explorer.finding == nil)
        // A walk that comes to no place proves nothing.
        let stages = Set(explorer.worlds.flatMap { $0.flights.map(\.machine.stage.number) })
        #expect(stages == Set(0...16))
        #expect(explorer.worlds.count > 20_000, "\(explorer.worlds.count) worlds, \(explorer.moves) moves")
    }

    @Test(arguments: RefreshFlaw.allCases) func mistakesAreFound(_ flaw: RefreshFlaw) throws {
        var explorer = RefreshExplorer(flaw: flaw)
        explorer.explore(limit: 200_000)
        let finding = try #require(explorer.finding)
        #expect(finding.hasPrefix(flaw.symptom + ":"))
    }
}
