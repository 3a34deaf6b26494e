import Foundation
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Server

/// The past, for clients that do not ask for it.
@LoopActor @Suite struct CatchUpTests {
    private func again(_ login: String, in test: TestWorld, capabilities: String = "") async -> TestClient {
        let client = test.connect()
        await client.send("CAP REQ :sasl \(capabilities)", "NICK ann", "USER ann 0 * :a", "AUTHENTICATE PLAIN")
        await client.send("AUTHENTICATE \(Data("\0\(login)\0secret".utf8).base64EncodedString())", "CAP END")
        return client
    }

    @Test func whoComesBackSeesWhatItMissed() async throws {
        let test = try await TestWorld()
        let (ann, bob) = (try await test.logIn("ann", in: "#c"), await test.join("bob", in: "#c"))
        await ann.send("NS SET ALWAYS-ON ON", "QUIT")
        test.clock.advance(by: .seconds(5))
        await bob.send("PRIVMSG #c :first", "PRIVMSG ann :second")
        let back = await again("ann", in: test)
        #expect(back.all("PRIVMSG").map { $0.split(separator: " ").last } == [":first", ":second"])
        let modern = await again("ann", in: test, capabilities: "draft/chathistory")
        #expect(modern.all("PRIVMSG").isEmpty)
    }

    @Test func eachDeviceHasAPastOfItsOwn() async throws {
        let test = try await TestWorld()
        let bob = await test.join("bob", in: "#c")
        let ann = try await test.logIn("ann", in: "#c")
        await ann.send("NS SET ALWAYS-ON ON")
        let phone = await again("ann@phone", in: test)
        #expect(phone.client === ann.client && phone.session.device == "phone")
        await phone.send("QUIT")
        test.clock.advance(by: .seconds(5))
        await bob.send("PRIVMSG #c :one")
        test.clock.advance(by: .seconds(1))
        await ann.send("QUIT")
        test.clock.advance(by: .seconds(5))
        await bob.send("PRIVMSG #c :two")
        #expect((await again("ann@phone", in: test)).all("PRIVMSG").count == 2)
        #expect((await again("ann", in: test)).all("PRIVMSG").count == 1)
        #expect((await again("ann@new", in: test)).all("PRIVMSG").isEmpty)
    }

    @Test func linesOnJoinAreTheOperatorsChoice() async throws {
        let test = try await TestWorld { $0.history.joinReplay = 2 }
        let ann = await test.join("ann", in: "#c", capabilities: "message-tags echo-message")
        await ann.send("PRIVMSG #c :one", "PRIVMSG #c :two")
        let id = try ChangeTests.id(await ann.ask("PRIVMSG #c :thre").first)
        await ann.send("@+draft/edit=\(id) PRIVMSG #c :three")
        let bob = await test.join("bob")
        await bob.send("JOIN #c")
        #expect(bob.all("PRIVMSG").map { $0.split(separator: " ").last }.count <= 2)
        #expect(!bob.lines.contains { $0.hasSuffix(":one") })
        let modern = await test.join("carol", capabilities: "draft/chathistory")
        await modern.send("JOIN #c")
        #expect(modern.all("PRIVMSG").isEmpty)
    }

    @Test func peopleAreToldThatWhatTheySayIsKept() async throws {
        let test = try await TestWorld {
            $0.history.joinNotice = true
            $0.history.days = 30
        }
        let ann = try await test.logIn("ann")
        #expect(await ann.ask("JOIN #c").last == ":irc.test NOTICE #c :What is said here is kept for 30 days")
        await ann.send("CS REGISTER #c", "CS SET #c HISTORY OFF")
        let bob = await test.join("bob")
        #expect(!(await bob.ask("JOIN #c").contains { $0.contains("is kept") }))
        await ann.send("PRIVMSG #c :off the record")
        await ann.send("CS SET #c HISTORY ON", "CS SET #c KEEPDAYS 3", "PRIVMSG #c :on the record")
        let carol = await test.join("carol")
        #expect(await carol.ask("JOIN #c").last == ":irc.test NOTICE #c :What is said here is kept for 3 days")
        await ann.send("CAP REQ :batch")
        let history = await ann.ask("CHATHISTORY LATEST #c * 9").filter { $0.contains("PRIVMSG") }
        #expect(history.count == 1 && history[0].contains("on the record"))
    }

    @Test func playbackIsAsZNCDoesIt() async throws {
        let test = try await TestWorld()
        let bob = try await test.logIn("bob", in: "#c", capabilities: "znc.in/playback server-time")
        let ann = try await test.logIn("ann", in: "#c")
        var times: [Double] = []
        for text in ["one", "two", "three"] {
            test.clock.advance(by: .seconds(1))
            times.append(Double(test.clock.wallMilliseconds) / 1000)
            await ann.send("PRIVMSG #c :\(text)")
        }
        await ann.send("PRIVMSG bob :psst")
        func play(_ words: String) async -> [Substring?] {
            await bob.ask("PRIVMSG *playback :play \(words)").filter { $0.contains("PRIVMSG") }.map { $0.split(separator: " ").last }
        }
        #expect(await play("#c") == [":one", ":two", ":three"])
        #expect(await play("#c \(times[1])") == [":two", ":three"])
        #expect(await play("#c \(times[0]) \(times[2])") == [":one", ":two"])
        #expect(await play("ann") == [":psst"])
        #expect(await play("*") == [":one", ":two", ":three", ":psst"])
        #expect(await play("#other") == [])
    }

    @Test func whatWasSeenBeforeAStopIsNotShownAgain() async throws {
        let database = try RoostDatabase.inMemory()
        let clock = VirtualClock()
        let test = try await TestWorld(database: database, clock: clock)
        let (ann, bob) = (try await test.logIn("ann", in: "#c"), await test.join("bob", in: "#c"))
        // It has left once: from then on something is noted of it.
        await ann.send("NS SET ALWAYS-ON ON", "QUIT")
        let back = await again("ann", in: test)
        clock.advance(by: .seconds(5))
        await bob.send("PRIVMSG #c :seen")
        #expect(back.all("PRIVMSG").count == 1)
        clock.advance(by: .seconds(5))
        await test.world.services.historyWriter.flush()
        test.world.shutdown(reason: "x")
        await test.settle()
        await test.world.flushRecords()
        let next = try await TestWorld(database: database, clock: clock)
        #expect((await again("ann", in: next)).all("PRIVMSG").isEmpty)
    }

    @Test func aSecondConnectionOfADeviceHasMissedNothing() async throws {
        let test = try await TestWorld()
        let (ann, bob) = (try await test.logIn("ann", in: "#c"), await test.join("bob", in: "#c"))
        await ann.send("NS SET ALWAYS-ON ON", "QUIT")
        let first = await again("ann", in: test)
        test.clock.advance(by: .seconds(5))
        await bob.send("PRIVMSG #c :live")
        #expect(first.all("PRIVMSG").count == 1)
        #expect((await again("ann", in: test)).all("PRIVMSG").isEmpty)
    }

    /// After a crash nobody is shown again more than the last minute.
    @Test func whoIsHereIsNotedNowAndThen() async throws {
        let test = try await TestWorld()
        let ann = try await test.logIn("ann", in: "#c")
        await ann.send("NS SET ALWAYS-ON ON")
        await test.advance(seconds: 61)
        let noted = try #require(ann.client.devices.times[""])
        #expect(test.clock.wallMilliseconds - noted < 60_000)
    }
}
