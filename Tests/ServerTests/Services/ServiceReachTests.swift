import IRCProtocol
import MainLoop
import Testing

@testable import Server

/// What services do on IRC, they do on the admin socket and over HTTP too.
@LoopActor @Suite struct ServiceReachTests {
    /// The only commands that cannot be given in every way, and why.
    private static let exceptions: [String: (reach: ServiceCommand.Reach, why: String)] = [
        "NickServ REGISTER": (.connection, "logs the connection in; SAREGISTER makes accounts"),
        "NickServ VERIFY": (.connection, "logs the connection in"),
        "NickServ IDENTIFY": (.connection, "logs the connection in"),
        "NickServ LOGIN": (.connection, "logs the connection in"),
        "NickServ LOGOUT": (.person, "logs out who asks; SALOGOUT does it for others"),
        "NickServ PASSWD": (.person, "the old password proves who asks; SAPASSWD needs none"),
        "NickServ RESETPASS": (.connection, "is for those who cannot log in; SAPASSWD needs no code"),
        "NickServ LINK": (.connection, "the link is for the connection"),
        "NickServ UNLINK": (.person, "is about who asks; SAUNLINK does it for others"),
        "NickServ REGAIN": (.person, "gives who asks another nickname; GHOST frees it for others"),
        "ChanServ INVITE": (.person, "lets in who asks; SAJOIN does it for others"),
        "ChanServ UNBAN": (.person, "is about the bans that catch who asks; CLEAR BANS is for all"),
    ]

    private static let commands = Service.all.flatMap { service in service.commands.map { (service, $0) } }

    private let test: TestWorld

    init() async throws {
        test = try await TestWorld()
        try await test.addAccount("bob", password: "secret")
    }

    /// A command line with parameters that name nothing.
    private func line(_ command: ServiceCommand) -> String {
        // Without one, the one waits for time to pass, and the other lets nobody in any more.
        let count = ["TOP", "DRAIN"].contains(command.name) ? 1 : command.minimum
        return ([command.name] + Array(repeating: "nothing", count: count)).joined(separator: " ")
    }

    private func operatorLoggedIn(_ nick: String) async throws -> TestClient {
        let client = try await test.logIn(nick, in: "#c")
        client.client.modes.set(.oper, true)
        return client
    }

    private static func isOutOfReach(_ lines: [String]) -> Bool {
        lines.contains { $0.contains("is for people on") || $0.contains("is about a connection") || $0.hasPrefix("Whose?") }
    }

    @Test func theExceptionsAreThese() {
        var found: [String: ServiceCommand.Reach] = [:]
        for (service, command) in Self.commands where command.reach != .everywhere {
            found["\(service.nick) \(command.name)"] = command.reach
        }
        #expect(found == Self.exceptions.mapValues(\.reach))
    }

    @Test func everyCommandIsReachedOnTheAdminSocket() async throws {
        for (service, command) in Self.commands {
            let name = "\(service.nick) \(command.name)"
            var lines = try await test.administer(service.nick, line(command))
            // What is about an account of one's own is given in the place of one.
            if lines.first?.hasPrefix("Whose?") == true { lines = try await test.administer(service.nick, "FOR bob \(line(command))") }
            #expect(Self.isOutOfReach(lines) == (Self.exceptions[name] != nil), "\(name): \(lines)")
            #expect(!lines.isEmpty, "\(name)")
        }
    }

    @Test func everyCommandIsReachedOverHTTP() async throws {
        for (number, (service, command)) in Self.commands.enumerated() {
            let name = "\(service.nick) \(command.name)"
            let root = try await operatorLoggedIn("root\(number)")
            let bearer = test.world.apiBearers.issue(to: root.session)
            let answer = try await test.world.command(service.nick, line(command), by: .person(bearer: bearer))
            #expect(Self.isOutOfReach(answer.lines) == (Self.exceptions[name]?.reach == .connection), "\(name): \(answer.lines)")
            root.disconnect()
        }
    }

    /// The same words on IRC and over HTTP: there is one tree.
    @Test func everyCommandSaysTheSameOnIRCAndOverHTTP() async throws {
        let root = try await operatorLoggedIn("root")
        let bearer = test.world.apiBearers.issue(to: root.session)
        for (service, command) in Self.commands where command.reach != .connection {
            // What works differs the second time; what is refused does not.
            let said = ServiceDeskTests.said(await root.ask("PRIVMSG \(service.nick) :\(line(command))"), service.nick)
            guard root.client.identity != nil, command.minimum > 0 else { continue }
            let answer = try await test.world.command(service.nick, line(command), by: .person(bearer: bearer))
            let expected = said.filter { !$0.contains("export?token=") }
            #expect(answer.lines.filter { !$0.contains("export?token=") } == expected, "\(service.nick) \(command.name)")
        }
    }

    /// Whatever names something that is not there is refused, and the command line hears of it.
    @Test func whatNamesNothingIsRefused() async throws {
        let exceptions: Set<String> = [
            // There is no account of that name any more, perhaps; what it said may still be there.
            "HistServ SAEXPORT",
            // Says the same whether there is such an account or not.
            "NickServ SENDPASS",
        ]
        for (service, command) in Self.commands where command.minimum > 0 && !exceptions.contains("\(service.nick) \(command.name)") {
            for text in [line(command), "FOR bob \(line(command))"] {
                let answer = try await test.world.command(service.nick, text, by: .administrator("a test"))
                #expect(answer.isRefusal, "\(service.nick) \(text): \(answer.lines)")
            }
        }
        for text in ["FLY", "HELP FLY", "", "\u{20}", "FOR nobody GET", "FOR bob FLY", "FOR bob LIST", "FOR bob FOR bob GET"] {
            #expect(try await test.world.command("ns", text, by: .administrator("a test")).isRefusal, "\(text)")
        }
        for text in ["HELP", "HELP FOR", "LIST", "INFO bob", "FOR bob GET", "FOR bob SET ALWAYS-ON ON", "FOR bob CERT LIST"] {
            #expect(try await !test.world.command("ns", text, by: .administrator("a test")).isRefusal, "\(text)")
        }
    }
}
