import IRCProtocol
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Server

@LoopActor @Suite struct MetadataTests {
    private static let third = "batch draft/metadata-3"

    /// alice runs #c, bob is in it and wants to hear of avatars and colours.
    private func room(
        _ change: (inout ServerConfiguration) -> Void = { _ in }
    ) async throws -> (test: TestWorld, alice: TestClient, bob: TestClient) {
        let test = try await TestWorld(change)
        let alice = await test.join("alice", in: "#c", capabilities: Self.third)
        let bob = await test.join("bob", in: "#c", capabilities: Self.third)
        await bob.send("METADATA * SUB avatar color")
        alice.clear()
        bob.clear()
        return (test, alice, bob)
    }

    @Test func valuesAreSetReadAndTakenAway() async throws {
        let (_, alice, bob) = try await room()
        #expect(await alice.ask("METADATA * SET avatar :https://a") == [":irc.test 761 alice alice avatar * :https://a"])
        #expect(bob.lines == [":irc.test 761 bob alice avatar * :https://a"])
        #expect(await alice.ask("METADATA alice SET name :Ann") == [":irc.test 761 alice alice name * :Ann"])
        #expect(bob.lines.count == 1)
        let answers = await bob.ask("METADATA ALICE GET name nothing N!")
        #expect(answers.count == 5 && answers[0].hasSuffix(" metadata alice") && answers[4].contains(" BATCH -"))
        #expect(
            answers[1...3].map { String($0.drop { $0 != ":" }) } == [
                ":irc.test 761 bob alice name * :Ann", ":irc.test 766 bob alice nothing :key not set",
                ":irc.test FAIL METADATA KEY_INVALID N! :A key has the letters a to z, digits, _ . / and - only",
            ])
        #expect(await bob.ask("METADATA alice LIST").count == 4)
        bob.clear()
        #expect(await alice.ask("METADATA * SET avatar") == [":irc.test 766 alice alice avatar :key not set"])
        #expect(bob.lines == [":irc.test 766 bob alice avatar :key not set"])
        #expect(await alice.ask("METADATA * CLEAR").filter { $0.contains(" 766 alice alice name ") }.count == 1)
        #expect(await bob.ask("METADATA alice LIST").count == 2)
    }

    @Test func channelsHaveTheirOwn() async throws {
        let (_, alice, bob) = try await room()
        #expect(await alice.ask("METADATA #c SET color :red") == [":irc.test 761 alice #c color * :red"])
        #expect(bob.lines == [":irc.test 761 bob #c color * :red"])
        #expect(
            await bob.ask("METADATA #c SET color :blue") == [":irc.test FAIL METADATA KEY_NO_PERMISSION #c color :You may not change this"])
        #expect(await bob.ask("METADATA #c CLEAR") == [":irc.test FAIL METADATA KEY_NO_PERMISSION #c * :You may not change this"])
        #expect(await bob.ask("METADATA alice SET color :x").first?.contains("KEY_NO_PERMISSION alice color ") == true)
    }

    @Test func whoIsOutsideReadsOnlyWhatIsOpen() async throws {
        let (test, alice, _) = try await room()
        await alice.send("METADATA #c SET color :red")
        let carol = await test.join("carol", capabilities: Self.third)
        await carol.send("METADATA * SUB color")
        #expect(await carol.ask("METADATA #c GET color").contains { $0.contains(":red") })
        for mode in ["+i", "+s", "+k key"] {
            await alice.send("MODE #c \(mode)")
            for subcommand in ["GET color", "LIST", "SYNC"] {
                #expect(
                    await carol.ask("METADATA #c \(subcommand)").first?.hasPrefix(":irc.test FAIL METADATA INVALID_TARGET #c :") == true)
            }
            await alice.send("MODE #c -\(mode.dropFirst())")
        }
        #expect(await carol.ask("METADATA #none LIST").first?.contains("INVALID_TARGET #none") == true)
        #expect(await carol.ask("METADATA nobody LIST").first?.contains("INVALID_TARGET nobody") == true)
    }

    @Test func versionTwoHearsByCommand() async throws {
        let (test, alice, _) = try await room()
        let carol = await test.join("carol", in: "#c", capabilities: "batch draft/metadata-2")
        await carol.send("METADATA * SUB avatar")
        carol.clear()
        await alice.send("METADATA * SET avatar :a", "METADATA * SET avatar")
        #expect(carol.lines == [":irc.test METADATA alice avatar * :a", ":irc.test METADATA alice avatar *"])
        let long = String(repeating: "é", count: 129)
        #expect(
            await carol.ask("METADATA * SET avatar :\(long)") == [":irc.test FAIL METADATA VALUE_INVALID :A value has at most 256 bytes"])
    }

    @Test func limitsHaveTheirCodes() async throws {
        let (test, alice, _) = try await room {
            ($0.limits.metadataKeys, $0.limits.metadataSubscriptions, $0.limits.metadataChanges) = (2, 2, 4)
        }
        #expect(await alice.ask("METADATA * SET none") == [":irc.test FAIL METADATA KEY_NOT_SET alice none :The key is not set"])
        #expect(await alice.ask("METADATA * SET A :x").first?.contains("FAIL METADATA KEY_INVALID A :") == true)
        #expect(
            await alice.ask("METADATA * SET a :" + String(repeating: "x", count: 257)) == [
                ":irc.test FAIL METADATA INVALID_VALUE a :A value has at most 256 bytes"
            ])
        await alice.send("METADATA * SET a :" + String(repeating: "x", count: 256), "METADATA * SET b :")
        #expect(await alice.ask("METADATA * SET c :x") == [":irc.test FAIL METADATA LIMIT_REACHED alice :At most 2 keys can be set"])
        await alice.send("METADATA * SET a :1", "METADATA * SET a :2")
        #expect(
            await alice.ask("METADATA * SET a :3") == [":irc.test FAIL METADATA RATE_LIMITED alice a 60 :Too many changes, wait 60 seconds"]
        )
        #expect(await alice.ask("METADATA * CLEAR").first?.contains("RATE_LIMITED alice * 60 ") == true)
        test.clock.advance(by: .seconds(60))
        #expect(await alice.ask("METADATA * SET a :3").first?.contains(" 761 ") == true)
        #expect(await alice.ask("METADATA * NONSENSE").first?.contains("FAIL METADATA SUBCOMMAND_INVALID NONSENSE :") == true)
        for line in ["METADATA *", "METADATA * GET", "METADATA * SET", "METADATA * SUB", "METADATA * UNSUB"] {
            #expect(await alice.ask(line) == [":irc.test 461 alice METADATA :Not enough parameters"])
        }
    }

    @Test func subscriptionsAreKeptInOrderAndBounded() async throws {
        let test = try await TestWorld { $0.limits.metadataSubscriptions = 2 }
        let alice = await test.join("alice", capabilities: Self.third)
        #expect(
            await alice.ask("METADATA * SUB a A b a c d") == [
                ":irc.test FAIL METADATA KEY_INVALID A :A key has the letters a to z, digits, _ . / and - only",
                ":irc.test 770 alice a b", ":irc.test FAIL METADATA TOO_MANY_SUBS c :At most 2 keys can be subscribed to",
            ])
        let subscribed = await alice.ask("METADATA * SUBS")
        #expect(subscribed.count == 3 && subscribed[0].hasSuffix(" metadata-subs") && subscribed[1].hasSuffix(" :irc.test 772 alice a b"))
        #expect(await alice.ask("METADATA * UNSUB a none").last == ":irc.test 771 alice a none")
        await alice.send("JOIN #c")
        #expect(await alice.ask("METADATA * SUB c").last == ":irc.test 774 alice #c")
    }

    @Test func whoEntersLearnsAndIsLearnedOf() async throws {
        let (test, alice, bob) = try await room()
        await alice.send("METADATA * SET avatar :a", "METADATA #c SET color :red")
        let carol = await test.join("carol", capabilities: Self.third)
        await carol.send("METADATA * SUB avatar color", "METADATA * SET avatar :c")
        carol.clear()
        bob.clear()
        await carol.send("JOIN #c")
        #expect(carol.all("761") == [":irc.test 761 carol #c color * :red", ":irc.test 761 carol alice avatar * :a"])
        #expect(bob.all("761") == [":irc.test 761 bob carol avatar * :c"])
        let synced = await carol.ask("METADATA #c SYNC")
        #expect(synced.count == 4 && synced.allSatisfy { $0.contains("BATCH") || $0.contains(" 761 ") })
    }

    @Test func watchersLearnIt() async throws {
        let (test, alice, _) = try await room()
        let carol = await test.join("carol", capabilities: Self.third)
        await alice.send("METADATA * SET avatar :a")
        await carol.send("METADATA * SUB avatar")
        #expect(await carol.ask("MONITOR + alice").last == ":irc.test 761 carol alice avatar * :a")
        carol.clear()
        await alice.send("METADATA * SET avatar :b")
        #expect(carol.lines == [":irc.test 761 carol alice avatar * :b"])
    }

    @Test func whoisShowsItToThoseWhoKnowIt() async throws {
        let (test, alice, bob) = try await room()
        await alice.send("METADATA * SET avatar :a")
        #expect(await bob.ask("WHOIS alice").contains(":irc.test 760 bob alice avatar * :a"))
        let carol = await test.join("carol")
        #expect(await carol.ask("WHOIS alice").allSatisfy { !$0.contains(" 760 ") })
    }

    @Test func itMaySpeakBeforeTheGreetingWhichShowsIt() async throws {
        let test = try await TestWorld()
        let alice = test.connect()
        #expect(await alice.ask("METADATA * SET a :x") == [":irc.test 451 * :You have not registered"])
        await alice.send("CAP REQ :batch draft/metadata-3")
        #expect(await alice.ask("METADATA * SET a :x") == [":irc.test 761 * * a * :x"])
        #expect(await alice.ask("METADATA alice LIST").first?.contains("INVALID_TARGET") == true)
        alice.clear()
        await alice.send("NICK alice", "USER a 0 * :A", "CAP END")
        let start = try #require(alice.lines.firstIndex { $0.hasSuffix(" metadata alice") })
        #expect(alice.lines[start + 1].hasSuffix(" 761 alice alice a * :x"))
        #expect(start < (alice.lines.firstIndex { $0.contains(" 422 ") } ?? 0))
    }

    @Test func whatAnAccountSetsIsThereAfterTheNextLogin() async throws {
        let database = try RoostDatabase.inMemory()
        let first = try await TestWorld(database: database)
        let alice = try await first.logIn("alice", capabilities: Self.third)
        await alice.send("METADATA * SET a :1", "METADATA * SET b :2", "METADATA * SET b", "METADATA * SET c :3")
        let second = try await TestWorld(database: database)
        let again = try await second.logIn("alice", capabilities: Self.third)
        #expect(again.client.metadata.values == ["a": "1", "c": "3"])
        await again.send("METADATA * CLEAR")
        #expect(try await MetadataStore(database).values(ofAccount: "ALICE").isEmpty)
    }

    @Test func aDiskThatRefusesIsTold() async throws {
        let database = try RoostDatabase.inMemory()
        let test = try await TestWorld(database: database)
        let alice = try await test.logIn("alice", capabilities: Self.third)
        try database.close()
        #expect(await alice.ask("METADATA * SET a :1").first?.hasPrefix(":irc.test FAIL METADATA INTERNAL_ERROR alice :") == true)
        #expect(alice.client.metadata.values.isEmpty)
    }

    @Test func aLargeChannelIsLeftForLater() async throws {
        let (test, alice, _) = try await room { $0.limits.connectionsPerAddress = 1000 }
        await alice.send("METADATA * SET avatar :a")
        for number in 0..<World.metadataJoinLimit { _ = await test.join("n\(number)", in: "#c") }
        let carol = await test.join("carol", capabilities: Self.third)
        await carol.send("METADATA * SUB avatar")
        carol.clear()
        await carol.send("JOIN #c")
        #expect(carol.all("761").isEmpty && carol.all("774") == [":irc.test 774 carol #c"])
    }

    @Test func thoseOfOneAccountHaveItInCommon() async throws {
        let test = try await TestWorld()
        let one = try await test.logIn("ann", capabilities: Self.third)
        let other = await test.join("ann2", capabilities: Self.third)
        await other.send("NS IDENTIFY ann secret")
        await one.send("METADATA * SET color :red")
        #expect(await other.ask("METADATA * GET color").contains { $0.hasSuffix(" ann2 ann2 color * :red") })
    }
}
