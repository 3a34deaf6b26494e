import Testing

@testable import Broker

@Suite struct BackoffTests {
    private let backoff = Backoff(first: .seconds(5), longest: .seconds(300))

    @Test func doublesUpToTheLongest() {
        let waits = (1...9).map { backoff.delay(failures: $0, asked: nil, chance: 0) }
        #expect(waits == [5, 10, 20, 40, 80, 160, 300, 300, 300].map { .seconds($0) })
        #expect(backoff.delay(failures: .max, asked: nil, chance: 0) == .seconds(300))
        #expect(backoff.delay(failures: 0, asked: nil, chance: 0) == .seconds(5))
    }

    @Test func chanceOnlyAdds() {
        #expect(backoff.delay(failures: 2, asked: nil, chance: 1) == .milliseconds(12_500))
    }

    @Test func theServersWishIsTheLeast() {
        #expect(backoff.delay(failures: 1, asked: .seconds(60), chance: 1) == .seconds(60))
        #expect(backoff.delay(failures: 4, asked: .seconds(1), chance: 0) == .seconds(40))
    }
}
