import Accounts
import Foundation
import IRCProtocol
import MainLoop
import Store
import Testing

@testable import Server

@Suite @LoopActor struct AlwaysOnTests {
    let database: RoostDatabase
    let test: TestWorld

    init() async throws {
        database = try RoostDatabase.inMemory()
        test = try await TestWorld(database: database)
    }

    /// One more connection of an account that is there already.
    private func again(_ nick: String, in test: TestWorld, capabilities: String = "") async -> TestClient {
        let client = test.connect()
        await client.send("CAP REQ :sasl \(capabilities)", "NICK \(nick)", "USER \(nick) 0 * :\(nick)", "AUTHENTICATE PLAIN")
        await client.send("AUTHENTICATE \(Data("\0\(nick)\0secret".utf8).base64EncodedString())", "CAP END")
        return client
    }

    @Test func whoWantsToStaysInItsChannels() async throws {
        let bob = await test.join("bob", in: "#other", capabilities: "away-notify")
        let ann = try await test.logIn("ann", in: "#c")
        #expect(await ann.ask("PERSISTENCE GET") == [":irc.test PERSISTENCE STATUS DEFAULT OFF"])
        #expect(await ann.ask("PERSISTENCE SET ON") == [":irc.test PERSISTENCE STATUS ON ON"])
        await bob.send("JOIN #c")
        bob.clear()
        await ann.send("QUIT")
        #expect(bob.lines == [":ann!~ann@ann.user AWAY :Not connected"])
        #expect(await bob.ask("NAMES #c").first == ":irc.test 353 bob = #c :@ann bob")
        bob.clear()
        let back = await again("ann", in: test)
        #expect(bob.lines == [":ann!~ann@ann.user AWAY"])
        #expect(back.lines.contains(":ann!~ann@ann.user JOIN #c"))
        #expect(back.lines.contains(":irc.test 353 ann = #c :@ann bob"))
    }

    @Test func itSurvivesARestart() async throws {
        let ann = try await test.logIn("ann", in: "#c")
        await ann.send("NS SET ALWAYS-ON ON", "MODE #c +s", "MODE ann +g", "SETNAME :Ann herself")
        await test.world.flushRecords()
        let later = try await TestWorld(database: database)
        let resident = try #require(later.world.person(named: "ann"))
        #expect(resident.sessions.isEmpty && resident.identity?.account == "ann" && resident.realname == "Ann herself")
        #expect(resident.modes.contains(.callerID) && resident.modes.contains(.registered))
        let channel = try #require(later.world.channels["#c"])
        #expect(channel.modes.contains(.secret) && channel[resident]?.ranks.contains(.op) == true)
        let back = await again("ann", in: later)
        #expect(back.client === resident && back.all("JOIN") == [":ann!~ann@ann.user JOIN #c"])
    }

    @Test func whatIsSaidMeanwhileIsKept() async throws {
        let ann = try await test.logIn("ann")
        await ann.send("NS SET ALWAYS-ON ON", "QUIT")
        let bob = try await test.logIn("bob")
        #expect(await bob.ask("PRIVMSG ann :hello") == [":irc.test 301 bob ann :Not connected"])
        let back = await again("ann", in: test, capabilities: "draft/chathistory batch")
        #expect(await back.ask("CHATHISTORY LATEST bob * 5").contains { $0.hasSuffix("PRIVMSG ann :hello") })
    }

    @Test func whoWantsNotToLeaves() async throws {
        let (ann, bob) = (try await test.logIn("ann", in: "#c"), await test.join("bob"))
        await ann.send("NS SET ALWAYS-ON ON", "NS SET ALWAYS-ON OFF")
        await bob.send("JOIN #c")
        bob.clear()
        await ann.send("QUIT :bye")
        #expect(bob.lines == [":ann!~ann@ann.user QUIT :Quit: bye"])
        await test.world.flushRecords()
        #expect(try await RecordStore(database, .presence).all().isEmpty)
    }

    @Test func guestsAndOthersCannot() async throws {
        let guest = await test.join("guest")
        #expect(await guest.ask("PERSISTENCE GET") == [":irc.test FAIL PERSISTENCE ACCOUNT_REQUIRED :An account is required"])
        let ann = try await test.logIn("ann")
        #expect(await ann.ask("PERSISTENCE SET MAYBE").first?.hasPrefix(":irc.test FAIL PERSISTENCE INVALID_PARAMS :") == true)
    }

    @Test(arguments: [
        (ServerConfiguration.Presence.Policy.off, "ON", "OFF"), (.mandatory, "OFF", "ON"), (.optOut, "DEFAULT", "ON"),
        (.optOut, "OFF", "OFF"),
    ])
    func theServerHasTheLastWord(_ policy: ServerConfiguration.Presence.Policy, _ wish: String, _ effect: String) async throws {
        let test = try await TestWorld { $0.presence.policy = policy }
        let ann = try await test.logIn("ann")
        #expect(await ann.ask("PERSISTENCE SET \(wish)") == [":irc.test PERSISTENCE STATUS \(wish) \(effect)"])
        await ann.send("QUIT")
        #expect((test.world.person(named: "ann") != nil) == (effect == "ON"))
    }

    @Test func killEndsItToo() async throws {
        let (root, ann) = (try await test.operate("root"), try await test.logIn("ann"))
        await ann.send("NS SET ALWAYS-ON ON", "QUIT")
        await root.send("KILL ann :go")
        #expect(test.world.person(named: "ann") == nil && test.world.residents.isEmpty)
    }

    @Test func whoIsGoneForTooLongLeaves() async throws {
        let test = try await TestWorld { $0.presence.expiry = .seconds(10) }
        let ann = try await test.logIn("ann")
        await ann.send("NS SET ALWAYS-ON ON")
        await test.advance(seconds: 12)
        #expect(test.world.person(named: "ann") != nil)
        await ann.send("QUIT")
        await test.advance(seconds: 9)
        #expect(test.world.person(named: "ann") != nil)
        await test.advance(seconds: 3)
        #expect(test.world.person(named: "ann") == nil)
    }

    @Test func aPreAwayConnectionDoesNotCountAsBack() async throws {
        let ann = try await test.logIn("ann")
        await ann.send("NS SET ALWAYS-ON ON", "QUIT")
        let client = test.connect()
        await client.send("CAP REQ :sasl draft/pre-away", "NICK ann", "USER ann 0 * :a", "AWAY *", "AUTHENTICATE PLAIN")
        await client.send("AUTHENTICATE \(Data("\0ann\0secret".utf8).base64EncodedString())", "CAP END")
        #expect(client.client.away == "Not connected")
        await client.send("AWAY")
        #expect(client.client.away == nil)
    }

    @Test func whoKnowsOfItIsToldUnasked() async throws {
        let ann = try await test.logIn("ann", capabilities: "draft/persistence")
        let told = await again("ann", in: test, capabilities: "draft/persistence")
        let other = await again("ann", in: test)
        #expect(told.all("PERSISTENCE") == [":irc.test PERSISTENCE STATUS DEFAULT OFF"] && other.all("PERSISTENCE").isEmpty)
        // What changes is told once, on every connection that wants it.
        for client in [ann, told, other] { client.clear() }
        #expect(await ann.ask("PERSISTENCE SET ON") == [":irc.test PERSISTENCE STATUS ON ON"])
        #expect(told.lines == [":irc.test PERSISTENCE STATUS ON ON"] && other.lines.isEmpty)
        told.clear()
        await ann.send("PERSISTENCE SET ON")
        #expect(told.lines.isEmpty)
        await other.send("NS SET ALWAYS-ON OFF")
        #expect(told.lines == [":irc.test PERSISTENCE STATUS OFF OFF"] && ann.last == ":irc.test PERSISTENCE STATUS OFF OFF")
        let guest = await test.join("guest", capabilities: "draft/persistence", keepsGreeting: true)
        #expect(guest.all("PERSISTENCE").isEmpty)
    }

    @Test func whomOneHearsIsKeptToo() async throws {
        let ann = try await test.logIn("ann")
        _ = try await (test.logIn("bob"), test.join("guest"))
        await ann.send("NS SET ALWAYS-ON ON", "SILENCE +x!*@*", "SILENCE +y!*@*", "SILENCE -x!*@*", "ACCEPT bob", "ACCEPT guest")
        await test.world.flushRecords()
        let later = try await TestWorld(database: database)
        let resident = try #require(later.world.person(named: "ann"))
        #expect(resident.silence.masks.map(\.text) == ["y!*@*"])
        // A guest that is gone is nobody any more.
        #expect(resident.accepted.nicknames == ["bob"])
        await ann.send("ACCEPT -bob", "SILENCE -y!*@*")
        await test.world.flushRecords()
        let last = try #require(try await TestWorld(database: database).world.person(named: "ann"))
        #expect(last.silence.masks.isEmpty && last.accepted.count == 0)
    }

    /// The operator may have lowered the limits since.
    @Test func keptListsAreBounded() async throws {
        let ann = try await test.logIn("ann")
        for nick in ["bob", "carol", "dave"] { _ = try await test.logIn(nick) }
        await ann.send("NS SET ALWAYS-ON ON", "ACCEPT bob,carol,dave", "SILENCE +a!*@*,+b!*@*,+c!*@*")
        await test.world.flushRecords()
        let later = try await TestWorld(database: database) { ($0.limits.accept, $0.limits.silence) = (2, 1) }
        let resident = try #require(later.world.person(named: "ann"))
        #expect(resident.accepted.nicknames == ["bob", "carol"] && resident.silence.masks.map(\.text) == ["a!*@*"])
    }

    /// As they were written before these lists were kept.
    @Test func olderRecordsAreRead() throws {
        let text =
            #"{"account":"ann","channels":{},"devices":{},"isAutoAway":false,"modes":"","nick":"ann","realname":"","signedOnAt":1,"user":"a"}"#
        let record = try JSONDecoder().decode(PresenceRecord.self, from: Data(text.utf8))
        #expect(record.silence == nil && record.accepted == nil)
    }

    @Test func devicesAreBounded() {
        var devices = Devices()
        for number in 0...Devices.limit { devices.left("d\(number)", at: Int64(number)) }
        #expect(devices.times.count == Devices.limit && devices.times["d0"] == nil)
    }
}
