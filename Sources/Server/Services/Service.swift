import IRCProtocol
import Logging
import MainLoop
import Store

/// A part of the server that people talk to like to a person: a nickname, and a tree of commands.
struct Service: Sendable {
    let nick: String
    /// The short form of `/msg NickServ …`: `/ns …`.
    let shortVerb: Verb
    /// What it is for, in one line.
    let purpose: String
    let commands: [ServiceCommand]

    /// The long form of the verb.
    var verb: Verb { Verb(stringLiteral: nick.uppercased()) }

    /// What stands before the lines that it causes.
    func source(on server: String) -> String { "\(nick)!\(nick)@\(server)" }

    /// The command of this name or alias, in any case.
    subscript(name: String) -> ServiceCommand? {
        let name = name.uppercased()
        return commands.first { $0.name == name || $0.aliases.contains(name) }
    }

    /// All of them.
    static let all = [nickServ, chanServ, hostServ, histServ, operServ]

    /// The service of this nickname, in any case.
    static func named(_ nick: some StringProtocol) -> Service? {
        let folded = CaseMapping.fold(nick)
        return all.first { CaseMapping.fold($0.nick) == folded }
    }
}

/// One row in the table of a service.
struct ServiceCommand: Sendable {
    /// Who may use a command at all; what it acts on is judged by ``Permissions``.
    enum Need: Sendable, Equatable {
        case nothing, account
        case serverOperator(OperatorPrivilege)

        /// What an operator needs; nil: it is for others too.
        var privilege: OperatorPrivilege? {
            if case .serverOperator(let privilege) = self { privilege } else { nil }
        }
    }

    /// How a command can be given, beside IRC.
    enum Reach: Sendable {
        /// In every way: on the admin socket and over HTTP too, and in the place of somebody (``actFor``).
        case everywhere
        /// Also over HTTP, with the token of a person: it acts on that person, who has to be here.
        case person
        /// In no other way: it acts on the connection.
        case connection
    }

    let name: String
    var aliases: [String] = []
    /// The parameters, for HELP: `<channel> [<code>]`.
    var parameters = ""
    /// How many of them it needs at least.
    var minimum = 0
    var need = Need.nothing
    var reach = Reach.everywhere
    /// Whether a login with the password of a device is not enough: it makes or ends what outlives the device.
    var isForOwners = false
    /// What it does, in one line.
    let summary: String
    /// What else to know, line by line.
    var detail: [String] = []
    let run: @LoopActor @Sendable (ServiceRequest) -> Void

    /// How it is written.
    var usage: String { parameters.isEmpty ? name : "\(name) \(parameters)" }
}

/// `FOR <account> <command>…`, of every service: with it, operators do for others what these do for themselves.
let actFor = ServiceCommand(
    name: "FOR", parameters: "<account> <command> [<parameters>…]", minimum: 2, need: .serverOperator(.actfor),
    summary: "Gives a command in the place of an account: FOR alice GET.",
    detail: ["The log notes it. What has to be given on the connection of the person cannot be given so."]
) { request in
    request.withAccountInReach(request[0] ?? "") { account in
        // It may be an operator no more.
        guard Permissions.actForOthers(request.asker.person) else { return request.refuse("FOR is for operators of the server") }
        request.world.run(
            request[1] ?? "", Array(request.arguments.dropFirst(2)), at: request.service, for: request.asker, subject: account)
        request.audit("service.for", ["account": account.name, "service": request.service.nick, "command": request[1]?.uppercased() ?? ""])
    }
}
