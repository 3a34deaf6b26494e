import IRCProtocol
import MainLoop

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

    /// The command of this name or alias, in any case.
    subscript(name: String) -> ServiceCommand? {
        let name = name.uppercased()
        return commands.first { $0.name == name || $0.aliases.contains(name) }
    }

    /// All of them.
    static let all = [nickServ, chanServ, hostServ, histServ]

    /// The service of this nickname, in any case.
    static func named(_ nick: some StringProtocol) -> Service? {
        let folded = CaseMapping.fold(nick)
        return all.first { CaseMapping.fold($0.nick) == folded }
    }
}

/// One row in the table of a service.
struct ServiceCommand: Sendable {
    /// Who may use a command at all; what it acts on is judged by ``Permissions``.
    enum Need: Sendable {
        case nothing, account, serverOperator
    }

    let name: String
    var aliases: [String] = []
    /// The parameters, for HELP: `<channel> [<code>]`.
    var parameters = ""
    /// How many of them it needs at least.
    var minimum = 0
    var need = Need.nothing
    /// What it does, in one line.
    let summary: String
    /// What else to know, line by line.
    var detail: [String] = []
    let run: @LoopActor @Sendable (ServiceRequest) -> Void
}
