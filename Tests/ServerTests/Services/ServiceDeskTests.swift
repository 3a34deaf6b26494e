import MainLoop
import Store
import Testing

@testable import Server

@Suite @LoopActor struct ServiceDeskTests {
    let test: TestWorld

    init() async throws { test = try await TestWorld() }

    /// What a service said to the last lines, without the source.
    static func said(_ lines: [String], _ service: String) -> [String] {
        lines.compactMap { line in
            let head = ":\(service)!\(service)@irc.test NOTICE "
            guard line.hasPrefix(head), let colon = line.dropFirst(head.count).firstIndex(of: ":") else { return nil }
            return String(line[line.index(after: colon)...])
        }
    }

    @Test(arguments: ["PRIVMSG ChanServ :HELP", "PRIVMSG chanserv :help", "CS HELP", "CHANSERV :help"])
    func helpIsMadeFromTheTable(_ line: String) async {
        let ann = await test.join("ann")
        let said = Self.said(await ann.ask(line), "ChanServ")
        #expect(said.first == "ChanServ: registers channels and helps to run them")
        for command in chanServ.commands {
            #expect(said.contains { $0.contains(command.name) } == (command.need.privilege == nil), "\(command.name)")
        }
    }

    @Test func everyCommandOfEveryServiceHasHelp() async throws {
        let root = try await test.operate("root")
        for service in Service.all {
            for command in service.commands {
                let said = Self.said(await root.ask("PRIVMSG \(service.nick) :HELP \(command.name)"), service.nick)
                #expect(said.first == "Syntax: \(command.name) \(command.parameters)")
                #expect(said.contains(command.summary))
            }
        }
    }

    @Test func mistakesAreAnswered() async throws {
        let ann = await test.join("ann")
        #expect(Self.said(await ann.ask("NS FLY"), "NickServ") == ["Unknown command FLY. /msg NickServ HELP lists the commands"])
        #expect(Self.said(await ann.ask("NS REGISTER"), "NickServ").first == "Syntax: REGISTER <password> [<email or *>] [<invite code>]")
        #expect(Self.said(await ann.ask("NS LOGOUT"), "NickServ") == ["You must be logged in to an account to use LOGOUT"])
        #expect(Self.said(await ann.ask("NS LIST"), "NickServ") == ["LIST is for operators of the server"])
        #expect(Self.said(await ann.ask("NS HELP FLY"), "NickServ") == ["There is no command FLY"])
        #expect(await ann.ask("PRIVMSG NickServ :\u{1}VERSION\u{1}") == [])
    }

    @Test func nobodyTakesTheNicknameOfAService() async throws {
        let ann = await test.join("ann")
        #expect(await ann.ask("NICK nickserv") == [":irc.test 433 ann nickserv :Nickname is that of a service"])
        let bob = test.connect()
        await bob.send("CAP LS 302", "NICK ChanServ", "USER b 0 * :B", "CAP END")
        #expect(bob.all("433").count == 1 && bob.all("001").isEmpty)
    }

    @Test func whatIsSaidToAServiceIsNotKept() async throws {
        let ann = try await test.logIn("ann", capabilities: "echo-message")
        #expect(await ann.ask("PRIVMSG NickServ :INFO").contains { $0.hasSuffix("PRIVMSG NickServ :INFO") })
        #expect(try await test.world.services.history.newest().sequence == 0)
    }

    @Test func anAdministratorNeedsNoConnection() async throws {
        #expect(try await test.administer("NickServ", "SAREGISTER carol longenough") == ["The account carol is made"])
        #expect(try await test.administer("ns", "INFO carol").first == "Account carol")
        #expect(try await test.administer("NickServ", "LOGOUT") == ["LOGOUT is for people on the server"])
        await #expect(throws: AdministrationError.noSuchService("NoServ")) { try await test.administer("NoServ", "HELP") }
        for text in ["INFO a\r\nb", "INFO \0", "INFO " + String(repeating: "x", count: 5000)] {
            await #expect(throws: AdministrationError.notOneLine) { try await test.administer("NS", text) }
        }
    }
}
