import IRCProtocol
import Store
import Testing

@testable import Server

/// Looking one person up among the bans finds what trying every ban on it finds.
@Suite struct ServerBansTests {
    private static func ban(_ id: Int64, _ mask: String, _ action: ServerBan.Action = .reject, until end: Int64? = nil) throws -> ServerBan
    {
        var record = ServerBanRecord(mask: mask, action: action.rawValue, reason: "r", setBy: "root", setAt: 0, expiresAt: end)
        record.id = id
        return try #require(ServerBan(record))
    }

    private static func person(
        _ address: String = "192.0.2.1", account: String? = nil, did: String? = nil, handle: String? = nil, certificate: String? = nil
    ) -> BanSubject {
        var subject = BanSubject(address: address)
        subject.names = ["bad!~bad@x.guest", "bad!~bad@\(address)"]
        (subject.account, subject.did, subject.handle) = (account, did, handle)
        (subject.realname, subject.certificates) = ("Buy now", certificate.map { [$0] } ?? [])
        return subject
    }

    private static let masks = [
        "192.0.2.1", "192.0.2.0/24", "192.0.0.0/16", "198.51.100.0/25", "2001:db8::/33", "::/0", "bad!*@*", "*!~bad@192.0.2.*",
        "account:Ann", "account:a*", "did:did:plc:x", "handle:example.com", "handle:*.example.org", "realname:buy*", "certificate:a1",
        "certificate:b*", "other!*@*",
    ]

    private static let people = [
        person(), person("198.51.100.200"), person("198.51.100.2", account: "ann"), person("2001:db8::1", did: "did:plc:x"),
        person("203.0.113.1", handle: "deep.below.example.com"), person("203.0.113.1", handle: "example.com"),
        person("203.0.113.1", handle: "notexample.com"), person("203.0.113.1", handle: "a.example.org"),
        person("203.0.113.1", account: "bert", certificate: "A1"), person("::1", certificate: "b7"), person("127.0.0.1"),
    ]

    @Test func theIndexFindsWhatASearchFinds() throws {
        for (number, mask) in Self.masks.enumerated() {
            var bans = ServerBans()
            let ban = try Self.ban(Int64(number), mask)
            bans.insert(ban)
            for person in Self.people {
                #expect((bans.ban(on: person, at: 0) != nil) == ban.target.catches(person), "\(mask) \(person)")
            }
            #expect(Self.people.contains { ban.target.catches($0) } == (mask != "other!*@*"), "\(mask)")
        }
    }

    @Test func whatIsTakenOffIsGone() throws {
        var bans = ServerBans()
        for (number, mask) in Self.masks.enumerated() { bans.insert(try Self.ban(Int64(number), mask)) }
        #expect(bans.count == Self.masks.count && bans.patternCount == 7)
        for number in Self.masks.indices { bans.remove(Int64(number)) }
        #expect(bans.count == 0 && bans.patternCount == 0 && bans.all.isEmpty)
        for person in Self.people { #expect(bans.ban(on: person, at: 0) == nil) }
    }

    @Test func oneTargetHasOneBanAndOneExemption() throws {
        var bans = ServerBans()
        bans.insert(try Self.ban(1, "192.0.2.0/24"))
        bans.insert(try Self.ban(2, "192.0.2.9/24", .requireLogin))
        #expect(bans.all.map(\.record.id) == [2])
        bans.insert(try Self.ban(3, "192.0.2.0/24", .exempt))
        #expect(bans.all.map(\.record.id) == [2, 3] && bans.ban(on: Self.person(), at: 0) == nil)
        bans.remove(3)
        #expect(bans.ban(on: Self.person(), at: 0)?.record.id == 2)
    }

    @Test func aLoginOpensWhatAsksForOne() throws {
        var bans = ServerBans()
        bans.insert(try Self.ban(1, "192.0.2.0/24", .requireLogin))
        #expect(bans.ban(on: Self.person(), at: 0)?.action == .requireLogin)
        #expect(bans.ban(on: Self.person(account: "ann"), at: 0) == nil)
        bans.insert(try Self.ban(2, "192.0.2.1"))
        #expect(bans.ban(on: Self.person(), at: 0)?.record.id == 2 && bans.ban(on: Self.person(account: "ann"), at: 0)?.record.id == 2)
    }

    @Test func bansEnd() throws {
        var bans = ServerBans()
        bans.insert(try Self.ban(1, "192.0.2.1", until: 1000))
        bans.insert(try Self.ban(2, "192.0.2.0/24", .exempt, until: 500))
        #expect(bans.ban(on: Self.person(), at: 499) == nil)
        #expect(bans.ban(on: Self.person(), at: 500)?.record.id == 1)
        #expect(bans.ban(on: Self.person(), at: 1000) == nil)
        bans.expire(at: 999)
        #expect(bans.all.map(\.record.id) == [1])
        bans.expire(at: 1000)
        #expect(bans.count == 0)
    }
}
