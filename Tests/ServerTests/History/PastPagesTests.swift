import Foundation
import MainLoop
import Store
import Testing

@testable import Server

/// Several conversations in one answer.
@LoopActor @Suite struct PastPagesTests {
    private let test: TestWorld

    /// Ten messages in each of three channels, in turn.
    init() async throws {
        test = try await TestWorld()
        let ann = await test.join("ann")
        for channel in ["#a", "#b", "#c"] { await ann.send("JOIN \(channel)") }
        for number in 0..<10 {
            for channel in ["#a", "#b", "#c"] { await ann.send("PRIVMSG \(channel) :\(channel.dropFirst())\(number)") }
        }
        await test.world.services.historyWriter.flush()
    }

    private func read(limit: Int = 100, total: Int = 100, budget: Int = .max) async throws -> [String] {
        let places = ["#a", "#b", "#c"].map { (conversation: Conversation.channel($0), channel: $0 as String?) }
        let pages = PastPages(places: places, correspondent: nil, from: 0, to: .max, limit: limit, total: total, budget: budget)
        return try await pages.read(test.world.services.history).map(\.message).filter(\.kind.isSpoken)
            .map { String(decoding: $0.text, as: UTF8.self) }
    }

    @Test func theyComeInTheOrderInWhichTheyWereSaid() async throws {
        let all = try await read()
        #expect(all.count == 30 && all.prefix(4) == ["a0", "b0", "c0", "a1"] && all.last == "c9")
    }

    /// The newest of all, not the newest of the conversation that is read last.
    @Test func theTotalIsForAllConversationsTogether() async throws {
        #expect(try await read(total: 4) == ["c8", "a9", "b9", "c9"])
        #expect(try await read(limit: 1, total: 100) == ["a9", "b9", "c9"])
        #expect(try await read(limit: 2, total: 3) == ["a9", "b9", "c9"])
    }

    /// Bytes of all conversations together, the newest ones first; one message there is always.
    @Test func theBudgetIsForAllConversationsTogether() async throws {
        let newest = try #require(
            try await test.world.services.history.page(conversation: Conversation.channel("#c"), .latest(after: nil), limit: 1)
                .first)
        #expect(try await read(budget: newest.cost * 4) == ["c8", "a9", "b9", "c9"])
        #expect(try await read(budget: newest.cost * 4 - 1) == ["a9", "b9", "c9"])
        #expect(try await read(budget: 0) == ["c9"])
    }
}
