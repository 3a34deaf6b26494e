import IRCProtocol
import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct ServerInformationTests {
    private func numerics(_ lines: [String]) -> [Substring] { lines.map { $0.split(separator: " ")[1] } }

    @Test func lusersCountsExactly() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        let (bob, stranger) = (await test.join("bob"), test.connect())
        await bob.send("MODE bob +i", "JOIN #a,#b")
        alice.client.modes.set(.oper, true)
        #expect(
            await alice.ask("LUSERS") == [
                ":irc.test 251 alice :There are 1 users and 1 invisible on 1 servers",
                ":irc.test 252 alice 1 :IRC Operators online",
                ":irc.test 253 alice 1 :unregistered connections",
                ":irc.test 254 alice 2 :channels formed",
                ":irc.test 255 alice :I have 2 clients and 0 servers",
                ":irc.test 265 alice 2 2 :Current local users 2, max 2",
                ":irc.test 266 alice 2 2 :Current global users 2, max 2",
            ])
        stranger.disconnect()
        await bob.send("QUIT")
        let after = await alice.ask("LUSERS")
        #expect(after[0].hasSuffix("There are 1 users and 0 invisible on 1 servers"))
        #expect(after[2].contains(" 253 alice 0 ") && after[3].contains(" 254 alice 0 ") && after[5].contains(" 265 alice 1 2 "))
    }

    @Test func theMessageOfTheDayIsShownLineByLine() async throws {
        let test = try await TestWorld { $0.motd = ["one", "", "three"] }
        let alice = await test.join("alice")
        #expect(
            await alice.ask("MOTD") == [
                ":irc.test 375 alice :- irc.test Message of the day -", ":irc.test 372 alice :- one", ":irc.test 372 alice :- ",
                ":irc.test 372 alice :- three", ":irc.test 376 alice :End of /MOTD command",
            ])
    }

    @Test(arguments: ["MOTD %", "LUSERS * %", "VERSION %", "TIME %", "INFO %", "ADMIN %", "WHOIS % alice", "WHOWAS alice 1 %"])
    func anotherServerIsNotHere(_ pattern: String) async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        func ask(_ server: String) async -> [String] {
            let parts = pattern.split(separator: "%", omittingEmptySubsequences: false)
            return await alice.ask(parts.joined(separator: server))
        }
        #expect(await ask("irc.other") == [":irc.test 402 alice irc.other :No such server"])
        for server in ["irc.test", "IRC.TEST", "*.test", "alice"] {
            let answer = numerics(await ask(server))
            #expect(!answer.isEmpty && !answer.contains("402"), "\(server)")
        }
    }

    @Test func versionRepeatsWhatIsSupported() async throws {
        let test = try await TestWorld()
        let alice = test.connect()
        await alice.send("NICK alice", "USER a 0 * :A")
        let greeting = alice.all("005")
        let answer = await alice.ask("VERSION")
        #expect(answer.first == ":irc.test 351 alice \(Version.text) irc.test :A Roost chat server")
        #expect(Array(answer.dropFirst()) == greeting && !greeting.isEmpty)
    }

    @Test func adminTellsOnlyWhatIsKnown() async throws {
        let nobody = try await TestWorld()
        #expect(await nobody.join("alice").ask("ADMIN") == [":irc.test 423 alice irc.test :No administrative info available"])
        let all = try await TestWorld { $0.admin = ["Here", "Us", "a@example.com"] }
        #expect(numerics(await all.join("alice").ask("ADMIN")) == ["256", "257", "258", "259"])
        let somebody = try await TestWorld { $0.admin = ["", "mail@example.com"] }
        #expect(numerics(await somebody.join("alice").ask("ADMIN")) == ["256", "257"])
    }

    @Test func infoTellsTheDescriptionAndTheStart() async throws {
        let test = try await TestWorld { $0.description = "Cats only" }
        let lines = await test.join("alice").ask("INFO")
        #expect(numerics(lines).dropLast().allSatisfy { $0 == "371" } && lines.last == ":irc.test 374 alice :End of /INFO list")
        #expect(lines.contains { $0.hasSuffix(":Cats only") } && lines.contains { $0.contains("2026-01-01T00:00:00.000Z") })
    }

    @Test func helpExplainsOneCommand() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        #expect(
            await alice.ask("HELP oper") == [
                ":irc.test 704 alice OPER :OPER <account> <password or one-time code>", ":irc.test 705 alice OPER :becomes an operator",
                ":irc.test 706 alice OPER :End of /HELP",
            ])
        #expect(await alice.ask("HELPOP KILL").contains(":irc.test 705 alice KILL :for operators only: kill"))
        #expect(await alice.ask("HELP :no such thing") == [":irc.test 524 alice * :No help available on this topic"])
    }

    @Test func helpListsWhatOneMayDo() async throws {
        let test = try await TestWorld()
        let alice = await test.join("alice")
        func listed() async -> [String] {
            let lines = await alice.ask("HELP")
            #expect(lines.first?.contains(" 704 alice * ") == true && lines.last?.contains(" 706 alice * ") == true)
            return lines.dropFirst().dropLast().flatMap { $0.split(separator: ":")[1].split(separator: " ").map(String.init) }
        }
        let all = test.world.commands.all
        #expect(await listed() == all.filter { $0.privilege == nil }.map(\.verb.text))
        alice.client.modes.set(.oper, true)
        #expect(await listed() == all.map(\.verb.text))
    }

    /// HELP splits them there, and so does the documentation.
    @Test func everyHelpTextHasAUsageAndAPurpose() {
        for command in CommandTable.standard.all {
            let parts = command.help.split(separator: ": ", maxSplits: 1)
            #expect(parts.count == 2 && parts[0].hasPrefix(command.verb.text), "\(command.verb)")
        }
    }

    @Test func theTimeIsThatOfTheServer() async throws {
        let test = try await TestWorld()
        #expect(await test.join("alice").ask("TIME") == [":irc.test 391 alice irc.test :2026-01-01T00:00:00.000Z"])
    }

    @Test func withoutAMessageOfTheDay() async throws {
        let test = try await TestWorld()
        #expect(await test.join("alice").ask("MOTD") == [":irc.test 422 alice :MOTD File is missing"])
    }
}
