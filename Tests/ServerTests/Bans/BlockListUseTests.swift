import ATProto
import Foundation
import MainLoop
import RoostTesting
import Testing

@testable import Server

/// What comes of the answers of block lists.
@LoopActor @Suite struct BlockListUseTests {
    /// A name server that a test makes up.
    private final class Names: IPv4Lookup {
        @LoopActor var answers: [String: [String]] = [:]
        @LoopActor var asked: [String] = []
        @LoopActor var isBroken = false
        /// Whether nothing is answered at all.
        @LoopActor var isSilent = false

        func ipv4Addresses(of name: String) async throws(DNSError) -> [String] {
            if await ask(name) {
                let (silence, line) = AsyncStream<Void>.makeStream()
                for await _ in silence {}
                withExtendedLifetime(line) {}
            }
            guard await !isBroken else { throw .noAnswer }
            return await answers[name] ?? []
        }

        @LoopActor private func ask(_ name: String) -> Bool {
            asked.append(name)
            return isSilent
        }
    }

    private let names = Names()

    private func world(_ change: (inout ServerConfiguration) -> Void = { _ in }) async throws -> TestWorld {
        try await TestWorld(blockLists: names) {
            $0.blockLists = [
                BlockList(zone: "bad.test", replies: [2...2], action: .reject),
                BlockList(zone: "open.test", replies: [], action: .requireLogin), BlockList(zone: "odd.test", replies: [], action: .mark),
            ]
            change(&$0)
        }
    }

    @Test func thoseWhoAreListedAreKeptOut() async throws {
        let test = try await world()
        names.answers = ["1.2.0.192.bad.test": ["127.0.0.2"], "1.2.0.192.odd.test": ["127.0.0.9"], "7.2.0.192.bad.test": ["127.0.0.3"]]
        let (bad, good) = (await test.join("bad", keepsGreeting: true), await test.join("good", from: "192.0.2.7"))
        #expect(bad.isClosed && good.client.isRegistered)
        #expect(
            bad.lines == [
                ":irc.test 465 bad :You are banned from this server: your address is listed in bad.test",
                "ERROR :Closing link: 192.0.2.1 (Banned: listed in bad.test)",
            ])
        #expect(names.asked.sorted().prefix(2) == ["1.2.0.192.bad.test", "1.2.0.192.odd.test"])
    }

    @Test func aLoginOpensSomeAndNothingIsAskedTwice() async throws {
        let test = try await world()
        names.answers = ["1.2.0.192.open.test": ["127.0.0.9"]]
        let guest = await test.join("guest", keepsGreeting: true)
        let refusal = ":irc.test FAIL * ACCOUNT_REQUIRED :Your address is listed in open.test: log in with SASL"
        #expect(guest.isClosed && guest.all("FAIL") == [refusal])
        try await test.addAccount("ann", password: "secret")
        let ann = test.connect()
        await ann.send("CAP REQ :sasl", "NICK ann", "USER ann 0 * :x", "AUTHENTICATE PLAIN")
        await ann.send("AUTHENTICATE \(Data("\0ann\0secret".utf8).base64EncodedString())")
        await ann.send("CAP END")
        #expect(ann.client.isRegistered && names.asked.count == 3)
        await ann.send("NS LOGOUT")
        #expect(ann.isClosed)
        await test.advance(seconds: 600)
        _ = await test.join("guest")
        #expect(names.asked.count == 6)
    }

    @Test func operatorsSeeAMark() async throws {
        let test = try await world()
        names.answers = ["9.2.0.192.odd.test": ["127.0.0.9"]]
        let (root, odd) = (try await test.operate("root"), await test.join("odd", from: "192.0.2.9"))
        #expect(await root.ask("WHOIS odd").contains { $0.hasSuffix(" 320 root odd :has an address that is listed in odd.test") })
        #expect(!(await odd.ask("WHOIS odd").contains { $0.contains("odd.test") }))
    }

    @Test func whatDoesNotAnswerListsNobody() async throws {
        let test = try await world()
        names.isBroken = true
        #expect((await test.join("ann")).client.isRegistered && names.asked.count == 3)
        names.isBroken = false
        names.answers = ["1.2.0.192.bad.test": ["127.0.0.2"]]
        #expect((await test.join("bob")).isClosed)
    }

    @Test func nobodyWaitsForever() async throws {
        let test = try await world()
        names.isSilent = true
        let client = test.connect()
        client.sendAtOnce(["NICK ann", "USER ann 0 * :x"])
        #expect(!client.client.isRegistered && test.world.blockListQuestions.waiting.count == 1)
        test.clock.advance(by: BlockListQuestions.patience)
        await test.settle()
        #expect(client.client.isRegistered && test.world.blockListQuestions.waiting.isEmpty)
    }

    @Test func onlySoManyAreAskedAboutAtOnce() async throws {
        let test = try await world()
        names.isSilent = true
        for number in 0..<BlockListQuestions.limit { _ = test.connect(from: "198.51.\(number / 250).\(number % 250)") }
        let late = test.connect(from: "203.0.113.1")
        late.sendAtOnce(["NICK ann", "USER ann 0 * :x"])
        #expect(late.client.isRegistered && test.world.blockListQuestions.waiting.count == BlockListQuestions.limit)
    }

    @Test func someAreNotAskedAbout() async throws {
        let test = try await world { configuration in
            configuration.blockListExemptions = AddressRange("198.51.100.0/24").map { [$0] } ?? []
            configuration.gateways = [.init(name: "web", password: "opensesame", addresses: ["203.0.113.1"])]
        }
        _ = try await test.administer("os", "BAN EXEMPT 192.0.2.0/24")
        for address in ["127.0.0.1", "198.51.100.9", "192.0.2.9"] { _ = await test.join("ann", from: address) }
        #expect(names.asked.isEmpty)
        let behind = test.connect(from: "203.0.113.1")
        await behind.send("WEBIRC opensesame web host 203.0.113.77")
        #expect(names.asked.count == 3 && names.asked.allSatisfy { $0.hasPrefix("77.113.0.203.") })
    }
}
