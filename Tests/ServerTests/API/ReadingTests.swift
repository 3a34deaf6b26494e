import Foundation
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Server

/// What programs see of the server.
@LoopActor @Suite struct APIReadingTests {
    private func token(_ scopes: Set<APIScope> = Set(APIScope.allCases), channels: Set<String>? = nil) -> APIToken {
        APIToken(name: "bot", scopes: scopes, channels: channels, createdAt: 0)
    }

    // MARK: Pages

    @Test(arguments: [1, 2, 3, 7, 200])
    func pagesHaveEverythingOnceInOrder(_ limit: Int) {
        let all = (0..<23).map { String(format: "%02d", $0) }
        var (found, request) = ([String](), PageRequest(limit: limit))
        for _ in 0..<30 {
            let page = Page(all.shuffled(), request) { $0 }
            #expect(page.items.count <= limit)
            found += page.items
            guard let next = page.next else { break }
            request.after = next
        }
        #expect(found == all)
    }

    @Test func thePageThatIsJustFullIsTheLast() {
        #expect(Page(["b", "a"], PageRequest(limit: 2)) { $0 }.next == nil)
        #expect(Page(["c", "b", "a"], PageRequest(limit: 2)) { $0 }.next == "b")
        #expect(Page([String](), PageRequest()) { $0 }.items.isEmpty)
    }

    // MARK: People and channels

    @Test func peopleAreShownAsTheyAre() async throws {
        let test = try await TestWorld()
        let ann = try await test.logIn("Ann", in: "#c")
        _ = await test.join("bob", in: "#c")
        await ann.send("AWAY :lunch")
        let page = test.world.clientViews(PageRequest(limit: 1), for: token())
        #expect(page.items.map(\.nick) == ["Ann"] && page.next == "ann")
        #expect(test.world.clientViews(PageRequest(after: page.next), for: token()).items.map(\.nick) == ["bob"])
        let seen = try #require(test.world.clientView("ANN", for: token()))
        #expect(seen.account == "Ann" && seen.away == "lunch" && seen.channels == ["#c"] && seen.address == "192.0.2.1")
        #expect(seen.connections == 1 && !seen.is_operator && seen.is_secure)
        #expect(test.world.clientView("nobody", for: token()) == nil)
    }

    /// The channels of people are no way around the narrowing of a token.
    @Test func channelsOfPeopleAreForTokensThatMayReadOfThem() async throws {
        let test = try await TestWorld()
        let ann = await test.join("ann", in: "#open")
        await ann.send("JOIN #secret")
        #expect(test.world.clientView("ann", for: token())?.channels == ["#open", "#secret"])
        #expect(test.world.clientView("ann", for: token(channels: ["#open"]))?.channels == ["#open"])
        #expect(test.world.clientView("ann", for: token([.serverRead]))?.channels == [])
    }

    @Test func aTokenSeesItsChannelsOnly() async throws {
        let test = try await TestWorld()
        let ann = await test.join("ann", in: "#A")
        await ann.send("JOIN #b", "MODE #b +sk key", "TOPIC #b :hello", "PRIVMSG #b :one", "PRIVMSG #A :two")
        let narrow = token(channels: ["#a"])
        #expect(test.world.channelViews(PageRequest(), for: narrow).items.map(\.name) == ["#A"])
        #expect(test.world.channelViews(PageRequest(), for: token()).items.map(\.name) == ["#A", "#b"])
        #expect(test.world.channelView("b", for: narrow) == nil && test.world.channelView("a", for: narrow) != nil)
        #expect(test.world.memberViews(of: "#b", PageRequest(), for: narrow) == nil)
        #expect(try await test.world.messageViews(of: "#b", .newest, limit: 10, for: narrow) == nil)
        #expect(try await test.world.messageViews(of: "#a", .newest, limit: 10, for: narrow)?.items.map(\.text) == ["two"])
        let seen = try #require(test.world.channelView("#B", for: token()))
        #expect(seen.modes == "+nstk *" && seen.topic?.text == "hello" && seen.members == 1 && seen.founder == nil)
        let members = try #require(test.world.memberViews(of: "#b", PageRequest(), for: token()))
        #expect(members.items.map(\.ranks) == [["op"]])
    }

    @Test func aScopeIsForNothingElse() async throws {
        let test = try await TestWorld()
        _ = await test.join("ann", in: "#a")
        let others = token(Set(APIScope.allCases).subtracting([.channelsRead]))
        #expect(test.world.channelViews(PageRequest(), for: others).items.isEmpty)
        #expect(test.world.channelView("#a", for: others) == nil)
        let noMessages = token(Set(APIScope.allCases).subtracting([.messagesRead]))
        #expect(try await test.world.messageViews(of: "#a", .newest, limit: 10, for: noMessages) == nil)
    }

    // MARK: Messages

    @Test func historyIsReadInBothDirections() async throws {
        let test = try await TestWorld()
        let ann = await test.join("ann", in: "#c")
        for number in 1...5 { await ann.send("PRIVMSG #c :m\(number)") }
        await ann.send("NOTICE #c :note")
        let world = test.world
        func page(_ place: MessagePlace, _ limit: Int) async throws -> Page<MessageView> {
            try #require(try await world.messageViews(of: "#c", place, limit: limit, for: token()))
        }
        let newest = try await page(.newest, 2)
        #expect(newest.items.map(\.text) == ["m5", "note"] && newest.items.map(\.kind) == ["message", "notice"])
        let before = try await page(.before(newest.next ?? ""), 2)
        #expect(before.items.map(\.text) == ["m3", "m4"])
        let first = try await page(.before(before.next ?? ""), 5)
        #expect(first.items.map(\.text) == ["m1", "m2"] && first.next == nil)
        let after = try await page(.after(first.items[1].id), 3)
        #expect(after.items.map(\.text) == ["m3", "m4", "m5"])
        let rest = try await page(.after(after.next ?? ""), 3)
        #expect(rest.items.map(\.text) == ["note"] && rest.next == nil)
        await #expect(throws: HistoryError.unknownMessage) {
            try await world.messageViews(of: "#c", .after("nothing"), limit: 3, for: token())
        }
    }

    /// As for HistServ PLAY of an administrator, but not for every look.
    @Test func readingIsNotedOnceAnHour() async throws {
        let test = try await TestWorld()
        _ = await test.join("ann", in: "#c")
        for _ in 0..<3 { _ = try await test.world.messageViews(of: "#c", .newest, limit: 1, for: token()) }
        #expect(try await test.world.auditViews(limit: 10, before: nil).items.map(\.action) == ["history.read"])
        test.clock.advance(by: .seconds(3600))
        _ = try await test.world.messageViews(of: "#c", .newest, limit: 1, for: token())
        let found = try await test.world.auditViews(limit: 10, before: nil).items
        #expect(found.map(\.actor) == ["token bot", "token bot"] && found.map(\.target) == ["#c", "#c"])
    }

    // MARK: What operators have

    @Test func accountsBansAndTheAuditComeInPages() async throws {
        let test = try await TestWorld()
        for name in ["Carl", "ann", "bob"] { try await test.addAccount(name, password: "secret") }
        let first = try await test.world.accountViews(PageRequest(limit: 2))
        #expect(first.items.map(\.name) == ["ann", "bob"] && first.items.allSatisfy(\.has_password))
        let second = try await test.world.accountViews(PageRequest(limit: 2, after: first.next))
        #expect(second.items.map(\.name) == ["Carl"] && second.next == nil)
        _ = try await test.administer("nickserv", "SUSPEND bob spam and more")
        let bob = try #require(try await test.world.accountView("BOB"))
        #expect(bob.is_suspended && bob.suspension_reason == "spam and more")

        for host in ["192.0.2.8", "192.0.2.9"] { _ = try await test.administer("operserv", "BAN ADD 1h \(host) spam | mine") }
        let bans = test.world.banViews(limit: 1, after: nil)
        #expect(bans.items.map(\.mask) == ["192.0.2.8"] && bans.items.map(\.operator_reason) == ["mine"])
        let rest = test.world.banViews(limit: 1, after: bans.next.flatMap { Int64($0) })
        #expect(rest.items.map(\.mask) == ["192.0.2.9"] && rest.next == nil && rest.items[0].expires_at != nil)

        let newest = try await test.world.auditViews(limit: 2, before: nil)
        #expect(newest.items.map(\.target) == ["192.0.2.9", "192.0.2.8"])
        let oldest = try await test.world.auditViews(limit: 2, before: newest.next.flatMap { Int64($0) })
        #expect(oldest.items.map(\.action) == ["account.suspend"] && oldest.next == nil)
    }

    @Test func theServerTellsOfItself() async throws {
        let test = try await TestWorld()
        _ = await test.join("ann", in: "#c")
        let seen = test.world.serverView()
        #expect(seen.name == "irc.test" && seen.clients == 1 && seen.channels == 1 && seen.defcon == 5 && seen.logged_in == 0)
    }
}
