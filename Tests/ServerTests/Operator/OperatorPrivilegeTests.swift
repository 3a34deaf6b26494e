import ATProto
import Accounts
import IRCProtocol
import MainLoop
import Testing

@testable import Server

/// An operator may do what its class lets it do, and nothing else.
@LoopActor @Suite struct OperatorPrivilegeTests {
    typealias Class = ServerConfiguration.Operators.Class

    /// A command of an operator, as it is typed, and what it needs.
    private struct Row {
        let text: String
        let privilege: OperatorPrivilege
    }

    /// All of them: those of the server, and those of the services.
    private static let rows: [Row] =
        CommandTable.standard.all.compactMap { command in
            command.privilege.map { Row(text: line(command.verb.text, command.minimumParameters), privilege: $0) }
        }
        + Service.all.flatMap { service in
            service.commands.compactMap { command in
                command.need.privilege.map { Row(text: line("\(service.shortVerb.text) \(command.name)", command.minimum), privilege: $0) }
            }
        }

    private static func line(_ start: String, _ count: Int) -> String {
        ([start] + Array(repeating: "nobody", count: max(1, count))).joined(separator: " ")
    }

    private static func world(_ privileges: Set<OperatorPrivilege>, whoisLine: String? = nil) async throws -> TestWorld {
        try await TestWorld { $0.operators = operators(privileges, whoisLine: whoisLine) }
    }

    private static func operators(_ privileges: Set<OperatorPrivilege>, whoisLine: String? = nil) -> ServerConfiguration.Operators {
        var operators = ServerConfiguration.Operators()
        operators.classes = ["helper": Class(name: "helper", privileges: privileges, whoisLine: whoisLine)]
        operators.assign("helper", to: "Root")
        return operators
    }

    private static func isRefused(_ lines: [String], _ privilege: OperatorPrivilege) -> Bool {
        lines.contains(":irc.test 723 root \(privilege.rawValue) :Insufficient oper privileges")
            || lines.contains { $0.hasSuffix("needs the privilege \(privilege.rawValue), which you do not have") }
    }

    @Test(arguments: OperatorPrivilege.allCases)
    func everyCommandNeedsItsPrivilege(_ privilege: OperatorPrivilege) async throws {
        let without = try await Self.world(Set(OperatorPrivilege.allCases).subtracting([privilege])).operate("root")
        let with = try await Self.world([privilege]).operate("root")
        for row in Self.rows {
            let needs = row.privilege == privilege
            #expect(Self.isRefused(await without.ask(row.text), privilege) == needs, "\(row.text) without \(privilege)")
            #expect(Self.isRefused(await with.ask(row.text), row.privilege) == !needs, "\(row.text) with \(privilege) only")
        }
    }

    /// What no command stands for is a right to see or do more with commands that everybody has.
    @Test func everyPrivilegeIsGoodForSomething() {
        let elsewhere: Set<OperatorPrivilege> = [.contact, .snomasks]
        #expect(Set(Self.rows.map(\.privilege)).union(elsewhere) == Set(OperatorPrivilege.allCases))
        #expect(Set(Self.rows.map(\.privilege)).isDisjoint(with: elsewhere))
    }

    @Test func whatIsHiddenNeedsAuspex() async throws {
        for privilege in [OperatorPrivilege.auspex, .stats] {
            let test = try await Self.world([privilege])
            let (root, alice) = (try await test.operate("root"), await test.join("alice", in: "#secret"))
            await alice.send("MODE #secret +s")
            let sees = privilege == .auspex
            #expect(await root.ask("WHOIS alice").contains { $0.contains(" 338 ") } == sees)
            #expect(await root.ask("WHOIS alice").contains { $0.contains("#secret") } == sees)
            #expect(await root.ask("LIST").contains { $0.contains("#secret") } == sees)
            #expect(Self.isRefused(await root.ask("STATS o"), .stats) == sees)
        }
    }

    @Test func addressesNeedAuspex() async throws {
        for privilege in [OperatorPrivilege.auspex, .kill] {
            let test = try await Self.world([privilege, .stats, .accreg])
            let (root, alice) = (try await test.operate("root"), try await test.logIn("alice"))
            #expect(alice.client.address == "192.0.2.1")
            for command in ["STATS l", "NS SESSIONS alice"] {
                let lines = await root.ask(command).filter { $0.contains("alice") }
                #expect(lines.contains { $0.contains("192.0.2.1") } == (privilege == .auspex), "\(command): \(lines)")
            }
        }
    }

    @Test func contactNeedsItsPrivilege() async throws {
        for privilege in [OperatorPrivilege.contact, .kill] {
            let test = try await Self.world([privilege])
            let (root, alice) = (try await test.operate("root"), await test.join("alice"))
            await root.send("MODE root -r")
            await alice.send("SILENCE +*!*@*")
            await root.send("PRIVMSG alice :hello")
            #expect(alice.all("PRIVMSG").isEmpty == (privilege == .kill))
        }
    }

    @Test func aReloadCountsAtOnce() async throws {
        let test = try await Self.world([.kill, .massmessage])
        let root = try await test.operate("root")
        #expect(await root.ask("WALLOPS :x").isEmpty)
        var configuration = test.world.configuration
        configuration.operators = Self.operators([.kill])
        test.world.reconfigure(configuration)
        #expect(Self.isRefused(await root.ask("WALLOPS :x"), .massmessage))
        // The class is gone, but not who has it: nothing is left.
        configuration.operators.classes = [:]
        test.world.reconfigure(configuration)
        #expect(Self.isRefused(await root.ask("KILL nobody"), .kill))
        configuration.operators = ServerConfiguration.Operators()
        test.world.reconfigure(configuration)
        #expect(await root.ask("KILL nobody").first?.contains(" 401 ") == true)
    }

    @Test func theRightsAreThoseOfTheAccountOfOPER() async throws {
        let test = try await Self.world([.kill])
        try await test.addAccount("root", password: "secret", isOperator: true)
        let ann = try await test.operate("ann")
        #expect(await ann.ask("WALLOPS :x").isEmpty)
        await ann.send("OPER root secret")
        #expect(await ann.ask("WALLOPS :x") == [":irc.test 723 ann massmessage :Insufficient oper privileges"])
        // Who gives it up and logs in anew has the rights of that account.
        await ann.send("MODE ann -o", "OPER ann secret")
        #expect(await ann.ask("WALLOPS :x").isEmpty)
    }

    @Test func aDefaultClassIsForAllOthers() async throws {
        let test = try await TestWorld { configuration in
            configuration.operators = Self.operators(Set(OperatorPrivilege.allCases))
            configuration.operators.classes["base"] = Class(name: "base", privileges: [.kill])
            configuration.operators.defaultClass = "base"
        }
        let (root, ann) = (try await test.operate("root"), try await test.operate("ann"))
        #expect(await root.ask("WALLOPS :x").isEmpty)
        #expect(await ann.ask("WALLOPS :x") == [":irc.test 723 ann massmessage :Insufficient oper privileges"])
    }

    @Test func aClassGoesByTheDIDToo() throws {
        var operators = Self.operators([.kill])
        operators.assign("helper", to: "did:plc:aliceaaaaaaaaaaaaaaaaaaa")
        let did = try #require(DID("did:plc:aliceaaaaaaaaaaaaaaaaaaa"))
        #expect(operators.rights(of: Identity(account: "linked", did: did)).name == "helper")
        #expect(operators.rights(of: Identity(account: "other")) == .full)
    }

    @Test func whoisAndStatsTellTheClass() async throws {
        let test = try await Self.world([.stats], whoisLine: "helps people here")
        let (root, alice) = (try await test.operate("root"), await test.join("alice"))
        #expect(await alice.ask("WHOIS root").contains(":irc.test 313 alice root :helps people here"))
        #expect(await root.ask("STATS o").first?.hasSuffix(" * root helper") == true)
    }

    /// Nobody gets by a new password what the class does not give.
    @Test func theAccountsOfGreaterOperatorsAreOutOfReach() async throws {
        let test = try await Self.world([.accreg, .actfor])
        for name in ["boss", "bob"] { try await test.addAccount(name, password: "secret", isOperator: name == "boss") }
        let root = try await test.operate("root")
        let commands = ["SAPASSWD %", "SUSPEND %", "SAUNREGISTER %", "SALOGOUT % ALL", "SAUNLINK %", "FOR % GET"]
        for command in commands.map({ $0 == "SAPASSWD %" ? "SAPASSWD % another-secret" : $0 }) {
            let refusal = "boss is an operator who may do more than you"
            let line = { (name: String) in "NS " + command.replacing("%", with: name) }
            #expect(ServiceDeskTests.said(await root.ask(line("boss")), "NickServ") == [refusal], "\(command)")
            #expect(ServiceDeskTests.said(await root.ask(line("bob")), "NickServ") != ["bob is an operator who may do more than you"])
        }
    }
}
