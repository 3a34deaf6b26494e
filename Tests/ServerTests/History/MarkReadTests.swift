import Foundation
import IRCProtocol
import MainLoop
import Store
import Testing

@testable import Server

@LoopActor @Suite struct MarkReadTests {
    private let old = "timestamp=2019-01-01T00:00:00.000Z"
    private let new = "timestamp=2019-06-01T12:00:00.000Z"

    @Test func itOnlyMovesForward() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        #expect(await alice.ask("MARKREAD #c") == [":irc.test MARKREAD #c *"])
        #expect(await alice.ask("MARKREAD #c \(new)") == [":irc.test MARKREAD #c \(new)"])
        #expect(await alice.ask("MARKREAD #C \(old)") == [":irc.test MARKREAD #C \(new)"])
        #expect(await alice.ask("MARKREAD #c") == [":irc.test MARKREAD #c \(new)"])
    }

    @Test func mistakesHaveTheirCodes() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        #expect(await alice.ask("MARKREAD") == [":irc.test FAIL MARKREAD NEED_MORE_PARAMS :Missing parameters"])
        for bad in ["*", "timestamp=yesterday", "2019-01-01T00:00:00.000Z"] {
            #expect(await alice.ask("MARKREAD #c \(bad)").first?.hasPrefix(":irc.test FAIL MARKREAD INVALID_PARAMS #c :") == true)
        }
    }

    @Test func aJoinTellsItBeforeTheNamesEnd() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice", capabilities: "draft/read-marker")
        await alice.send("MARKREAD #c \(new)")
        let answer = await alice.ask("JOIN #c")
        #expect(answer.map { $0.split(separator: " ")[1] } == ["JOIN", "MARKREAD", "353", "366"])
        #expect(answer[1] == ":irc.test MARKREAD #c \(new)")
    }

    @Test func allConnectionsOfAnAccountLearnOfIt() async throws {
        let test = try await TestWorld()
        try await test.addAccount("ann", password: "secret")
        func connect(_ nick: String) async -> TestClient {
            let client = test.connect()
            await client.send(
                "CAP REQ :sasl draft/read-marker", "NICK \(nick)", "USER a 0 * :A", "AUTHENTICATE PLAIN",
                "AUTHENTICATE \(Data("\0ann\0secret".utf8).base64EncodedString())", "CAP END")
            client.clear()
            return client
        }
        let (first, second, third) = (await connect("ann"), await connect("ann"), await connect("other"))
        await first.send("MARKREAD bob \(new)")
        for client in [first, second, third] { #expect(client.lines == [":irc.test MARKREAD bob \(new)"]) }
        for client in [first, second, third] { client.disconnect() }
        let again = await connect("ann")
        #expect(await again.ask("MARKREAD bob") == [":irc.test MARKREAD bob \(new)"])
    }

    @Test func theirNumberIsBounded() async throws {
        let test = try await TestWorld { $0.limits.readMarkers = 2 }
        let ann = try await test.logIn("ann")
        for (number, target) in ["a", "b", "c"].enumerated() {
            await ann.send("MARKREAD \(target) timestamp=2020-01-0\(number + 1)T00:00:00.000Z")
        }
        #expect(ann.client.readMarkers.count == 2)
        #expect(await ann.ask("MARKREAD a") == [":irc.test MARKREAD a *"])
        #expect(try await test.world.services.readMarkers.all(ofAccount: "ann").keys.sorted() == ["b", "c"])
    }

    /// The marker of a conversation belongs to the other side's account: whatever it is called, and whether it is here or not.
    @Test func aMarkerStaysWithThePerson() async throws {
        let test = try await TestWorld()
        let (ann, ben) = (try await test.logIn("ann"), try await test.logIn("ben"))
        await ben.send("PRIVMSG ann :hello", "NICK Benny")
        #expect(await ann.ask("MARKREAD BENNY \(new)") == [":irc.test MARKREAD BENNY \(new)"])
        await ben.send("PRIVMSG ann :again")
        #expect(await ann.ask("MARKREAD ben") == [":irc.test MARKREAD ben \(new)"])
        await ben.send("NICK other")
        for name in ["other", "Ben"] { #expect(await ann.ask("MARKREAD \(name)") == [":irc.test MARKREAD \(name) \(new)"]) }
        // Somebody else under that nickname is somebody else.
        let stranger = await test.join("benny")
        #expect(await ann.ask("MARKREAD benny") == [":irc.test MARKREAD benny *"])
        await stranger.send("QUIT")
        await ben.send("QUIT")
        for name in ["benny", "BEN"] { #expect(await ann.ask("MARKREAD \(name)") == [":irc.test MARKREAD \(name) \(new)"]) }
        #expect(await ann.ask("MARKREAD ben \(old)") == [":irc.test MARKREAD ben \(new)"])
        #expect(try await test.world.services.readMarkers.all(ofAccount: "ann").keys.sorted() == ["ben"])
    }
}
