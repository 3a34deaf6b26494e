import IRCProtocol
import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct ListTests {
    /// An answer longer than the client's queue would cut it off: LIST stops before that and says so.
    @Test func neverFillsTheSendQueue() async throws {
        let test = try await TestWorld {
            $0.limits.sendQueue = 4000
            $0.limits.channelsPerClient = 200
        }
        let alice = await test.join("alice")
        for number in 100..<200 { await alice.send("JOIN #channel\(number)") }
        _ = await alice.ask("LIST")
        let rows = alice.all("322")
        #expect((10..<100).contains(rows.count))
        #expect(rows.reduce(0) { $0 + $1.utf8.count + 2 } <= 2000)
        #expect(alice.all("416").count == 1)
        #expect(alice.last?.contains(" 323 ") == true)
        #expect(!alice.isClosed)
        #expect(await alice.ask("LIST #channel150").count == 3)
        #expect(alice.all("416").isEmpty)
    }

    @Test func agesAreInMinutes() {
        let now: Int64 = 1_000_000
        let old = ListedChannel(name: "#old", users: 3, createdAt: now - 3600, topicSetAt: now - 60)
        #expect(ListFilter("C>59").includes(old, now: now))
        #expect(!ListFilter("C>60").includes(old, now: now))
        #expect(ListFilter("c<61").includes(old, now: now))
        #expect(ListFilter("T<2").includes(old, now: now))
        #expect(!ListFilter("t>2").includes(old, now: now))
    }

    @Test func withoutATopicNoTopicConditionHolds() {
        let bare = ListedChannel(name: "#c", users: 1, createdAt: 0, topicSetAt: nil)
        #expect(!ListFilter("T>0").includes(bare, now: 10_000))
        #expect(!ListFilter("T<99999").includes(bare, now: 10_000))
    }

    @Test func anyNumberIsANumber() {
        let channel = ListedChannel(name: "#c", users: 1, createdAt: 0, topicSetAt: 0)
        #expect(!ListFilter("C>\(Int64.max)").includes(channel, now: 10_000))
        #expect(ListFilter("C>\(Int64.min)").includes(channel, now: 10_000))
        #expect(ListFilter(">-1").includes(channel, now: 10_000))
    }

    @Test func listTakesConditions() async throws {
        let test = try await TestWorld()
        let (alice, bob) = (await test.join("alice"), await test.join("bob"))
        await alice.send("JOIN #one,#two", "TOPIC #two :t")
        await bob.send("JOIN #two")
        func names(_ query: String) async -> [Substring] {
            _ = await alice.ask(query)
            return alice.all("322").map { $0.split(separator: " ")[3] }
        }
        #expect(await names("LIST") == ["#one", "#two"])
        #expect(await names("LIST >1") == ["#two"])
        #expect(await names("LIST <2") == ["#one"])
        #expect(await names("LIST #t*") == ["#two"])
        #expect(await names("LIST !#t*") == ["#one"])
        #expect(await names("LIST #one,#nothing") == ["#one"])
        #expect(alice.lines.first?.contains(" 321 ") == true && alice.last?.contains(" 323 ") == true)
    }
}
