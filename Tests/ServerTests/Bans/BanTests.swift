import Foundation
import GRDB
import IRCProtocol
import MainLoop
import Store
import Testing

@testable import Server

/// What the bans of the server do to people.
@LoopActor @Suite struct BanTests {
    private func said(_ lines: [String]) -> [String] { ServiceDeskTests.said(lines, "OperServ") }

    @Test func aNetworkIsKeptOutAtOnce() async throws {
        let test = try await TestWorld()
        let root = try await test.operate("root")
        let (near, far) = (await test.join("near", from: "198.51.100.7"), await test.join("far", from: "203.0.113.1"))
        let waiting = test.connect(from: "198.51.100.8")
        #expect(said(await root.ask("DLINE 60 198.51.100.0/24 :attack")) == ["Ban 1 on 198.51.100.0/24 for 1h; 1 person is disconnected"])
        #expect(near.isClosed && waiting.isClosed && !far.isClosed)
        #expect(near.last == "ERROR :Closing link: 198.51.100.7 (Banned: attack)")
        let late = test.connect(from: "198.51.100.9")
        #expect(
            late.isClosed && late.lines.map { $0.contains(" 465 * :You are banned from this server: attack (until ") } == [true, false])
        #expect(!test.world.admits("198.51.100.9") && test.world.admits("203.0.113.1"))
        await test.advance(seconds: 3600)
        #expect(test.world.admits("198.51.100.9") && test.world.serverBans.count == 0)
    }

    @Test func operatorsAndThoseWhoAreExemptStay() async throws {
        let test = try await TestWorld()
        let (root, other) = (try await test.operate("root"), try await test.operate("other"))
        await root.send("OS BAN EXEMPT *!*@203.0.113.0/24")
        let (safe, bad) = (await test.join("safe", from: "203.0.113.1"), await test.join("bad", from: "198.51.100.1"))
        let answer = said(await root.ask("OS BAN TEST realname:*"))
        #expect(answer.count == 2 && answer[0].contains("bad!"))
        #expect(
            answer[1] == "realname:* would disconnect 1 of 4 people; 3 more fit, and stay: operators, those who are exempt or logged in")
        await root.send("OS BAN ADD FORCE realname:*")
        // What nobody knows of an address yet does not count against it.
        #expect(test.world.admits("198.51.100.1"))
        #expect(bad.isClosed && !safe.isClosed && !other.isClosed && !root.isClosed)
        await root.send("QUIT")
        let back = test.connect()
        await back.send("CAP REQ :sasl", "NICK root", "USER root 0 * :Root", "AUTHENTICATE PLAIN")
        await back.send("AUTHENTICATE \(Data("\0root\0secret".utf8).base64EncodedString())", "CAP END")
        #expect(!back.isClosed && back.client.isRegistered, "\(back.lines)")
    }

    @Test func whoBecomesWhatIsBannedGoes() async throws {
        let test = try await TestWorld()
        let root = try await test.operate("root")
        for mask in ["evil*!*@*", "realname:*casino*", "account:mallory", "handle:bad.example"] { await root.send("KLINE \(mask)") }
        let (ann, bob, cid) = (await test.join("ann"), await test.join("bob"), await test.join("cid"))
        await ann.send("NICK evil1")
        await bob.send("SETNAME :the best Casino")
        try await test.addAccount("mallory", password: "secret")
        await cid.send("NS IDENTIFY mallory secret")
        #expect(ann.isClosed && bob.isClosed && cid.isClosed)
        let dan = await test.logIn("dan", did: TestWorld.alice, handle: "dan.bad.example")
        #expect(dan.isClosed && dan.all("465").count == 1)
        let eve = await test.join("evil2")
        #expect(eve.isClosed && eve.all("001").isEmpty && test.world.clients.count == 1)
    }

    @Test func guestsOfANetworkMayHaveToLogIn() async throws {
        let test = try await TestWorld()
        let (root, known) = (try await test.operate("root"), try await test.logIn("known"))
        let guest = await test.join("guest")
        await root.send("OS BAN ADD REQUIRE-SASL 192.0.2.0/24 many bots")
        #expect(guest.isClosed && !known.isClosed && !guest.all("FAIL").isEmpty)
        #expect(test.world.admits("192.0.2.1"))
        await known.send("NS LOGOUT")
        #expect(known.isClosed)
    }

    /// Who stays without a connection is gone for good, and does not come back with the next start.
    @Test func thoseWhoStayGoToo() async throws {
        let database = try RoostDatabase.inMemory()
        let test = try await TestWorld(database: database)
        let (root, ann) = (try await test.operate("root"), try await test.logIn("ann", in: "#c"))
        await ann.send("NS SET ALWAYS-ON ON")
        ann.disconnect()
        #expect(test.world.person(named: "ann") != nil)
        await root.send("KLINE account:ann")
        #expect(test.world.person(named: "ann") == nil && test.world.residents.isEmpty)
        await test.world.flushRecords()
        let again = try await TestWorld(database: database)
        #expect(again.world.person(named: "ann") == nil && again.world.serverBans.count == 1)
    }

    @Test func slipsAreAskedAbout() async throws {
        let test = try await TestWorld()
        let root = try await test.operate("root")
        for number in 0..<10 { _ = await test.join("crowd\(number)", from: "198.51.100.1") }
        #expect(said(await root.ask("KLINE 192.0.2.0/24")).first?.hasPrefix("192.0.2.0/24 catches yourself. ") == true)
        #expect(said(await root.ask("KLINE a*!*@*")).first?.hasPrefix("a*!*@* catches almost anything. ") == true)
        #expect(said(await root.ask("KLINE crowd*!*@*")).first?.hasPrefix("crowd*!*@* would disconnect 10 of 11 people. ") == true)
        #expect(test.world.clients.count == 11 && test.world.serverBans.count == 0)
        await root.send("KLINE FORCE crowd*!*@*")
        #expect(test.world.clients.count == 1)
    }

    @Test func nothingIsInForceThatIsNotOnDisk() async throws {
        let database = try RoostDatabase.inMemory()
        let test = try await TestWorld(database: database)
        let (root, bad) = (try await test.operate("root"), await test.join("bad"))
        try await database.writer.write { try $0.execute(sql: "DROP TABLE server_ban") }
        #expect(said(await root.ask("KLINE bad!*@*")) == ["This could not be done, try again in a moment"])
        #expect(!bad.isClosed && test.world.serverBans.count == 0)
    }

    @Test func thereIsALimit() async throws {
        let test = try await TestWorld { ($0.limits.serverBans, $0.limits.serverBanPatterns) = (3, 2) }
        let root = try await test.operate("root")
        await root.send("KLINE bad1!*@*", "KLINE bad2!*@*")
        #expect(said(await root.ask("KLINE bad3!*@*")) == ["There are 2 bans with patterns, and more is not possible"])
        #expect(said(await root.ask("KLINE bad2!*@* :other")).first?.hasPrefix("Ban 3 on bad2!*@*") == true)
        await root.send("DLINE 60 198.51.100.1")
        #expect(said(await root.ask("DLINE 198.51.100.2")) == ["There are 3 bans and exemptions, and more is not possible"])
        #expect(said(await root.ask("DLINE 198.51.100.1 :other")).first?.hasPrefix("Ban 5 on 198.51.100.1 for ever") == true)
        await root.send("UNDLINE 5")
        #expect(said(await root.ask("DLINE 198.51.100.2")).first?.hasPrefix("Ban 6") == true)
    }

    @Test func aGatewayIsNoTargetAndThoseBehindItAre() async throws {
        let test = try await TestWorld { $0.gateways = [.init(name: "web", password: "opensesame", addresses: ["198.51.100.1"])] }
        let root = try await test.operate("root")
        let early = test.connect(from: "198.51.100.1")
        await root.send("DLINE 198.51.100.0/24", "DLINE 203.0.113.5")
        #expect(!early.isClosed)
        let (good, bad) = (test.connect(from: "198.51.100.1"), test.connect(from: "198.51.100.1"))
        await good.send("WEBIRC opensesame web host 203.0.113.4", "NICK good", "USER good 0 * :x")
        await bad.send("WEBIRC opensesame web host 203.0.113.5")
        #expect(good.client.isRegistered && bad.isClosed && !bad.all("465").isEmpty)
    }

    /// What operators type, administrators and programs do as well.
    @Test func theAdminSocketBansToo() async throws {
        let test = try await TestWorld()
        let bad = await test.join("bad")
        #expect(try await test.administer("os", "BAN ADD 1h bad spam").first == "Ban 1 on 192.0.2.1 for 1h; 1 person is disconnected")
        #expect(bad.isClosed)
        #expect(try await test.administer("OperServ", "BAN DEL 192.0.2.1") == ["Ban 1 on 192.0.2.1 is gone"])
        #expect(await test.join("bad").client.isRegistered)
    }
}
