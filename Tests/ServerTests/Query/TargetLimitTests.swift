import IRCProtocol
import MainLoop
import Testing

@testable import Server

/// How many targets one line may name (`TARGMAX`).
@LoopActor @Suite struct TargetLimitTests {
    private let test: TestWorld
    private let alice: TestClient

    init() async throws {
        test = try await TestWorld {
            $0.limits.targets = 2
            $0.limits.monitor = 3
        }
        alice = await test.join("alice", in: "#c")
    }

    @Test func allOfThemAreTold() throws {
        let token = try #require(ISupport(test.world.configuration).tokens.first { $0.hasPrefix("TARGMAX=") })
        #expect(
            token == "TARGMAX=ACCEPT:,JOIN:,KICK:,LIST:,MONITOR:3,NAMES:2,NOTICE:2,PART:,PRIVMSG:2,SAJOIN:,SAPART:,TAGMSG:2,USERHOST:10,"
                + "USERIP:10,WHOIS:1,WHOWAS:2")
    }

    /// The command with so many targets, and how many of them it deals with.
    @Test(arguments: [
        ("PRIVMSG alice,alice", "PRIVMSG", 2), ("NAMES #c,#c", "353", 2), ("NAMES #c,#c,#c", "353", 2), ("WHOWAS x,x", "369", 2),
        ("WHOWAS x,x,x", "369", 2), ("WHOIS alice", "318", 1), ("WHOIS alice,alice", "318", 1), ("MONITOR + a,b,c", "731", 1),
    ])
    func theFirstAreDealtWith(_ line: String, _ verb: String, _ count: Int) async {
        await alice.send(line + (line.hasPrefix("PRIVMSG") ? " :x" : ""))
        #expect(alice.all(verb).count == count && alice.all("407").isEmpty && alice.all("734").isEmpty)
    }

    @Test func oneMoreIsRefusedWhereItWouldBeLost() async {
        #expect(
            await alice.ask("PRIVMSG alice,alice,alice :x") == [
                ":irc.test 407 alice alice,alice,alice :Too many targets; at most 2 at a time"
            ])
        #expect(await alice.ask("MONITOR + a,b,c,d").contains(":irc.test 734 alice 3 d :Monitor list is full."))
    }

    @Test func tenPeopleAtOnce() async {
        let answer = await alice.ask("USERHOST " + Array(repeating: "alice", count: 12).joined(separator: " "))
        #expect(answer.joined(separator: " ").split(separator: " ").count { $0.contains("alice=+") } == 10)
    }
}
