import IRCProtocol
import MainLoop
import NIOCore
import Store

/// The verbs of the services: `/ns …` and `/nickserv …`, and those of RFC 2812 section 3.5.
let serviceCommands: [Command] =
    [
        Command("SERVLIST", help: "SERVLIST [<mask>]: lists the services", run: serviceList),
        Command("SQUERY", parameters: 2, cost: 2, help: "SQUERY <service> :<text>: the same as PRIVMSG, for services only") { context in
            guard let name = context.message[0], let service = Service.named(name) else {
                return context.reply(.noSuchService, (context.message[0] ?? "*").asParameter, text: "No such service")
            }
            context.run(context.message[1] ?? "", at: service)
        },
    ]
    + Service.all.flatMap { service in
        Set([service.shortVerb, service.verb]).map { verb in
            Command(verb, cost: 2, help: "\(verb.text) <command> [<parameters>…]: the same as /msg \(service.nick)") { context in
                context.run(context.message.parameters.joined(separator: " "), at: service)
            }
        }
    }

/// `SERVLIST` (RFC 2812 section 3.5.1).
@LoopActor
private func serviceList(_ context: CommandContext) {
    let (name, mask) = (context.world.configuration.name, context.message[0] ?? "*")
    for service in Service.all where Mask(glob: mask).matches(service.nick) {
        context.reply(.serviceList, service.nick, name, "*", "0", "0", text: service.purpose)
    }
    context.reply(.endOfServiceList, mask.asParameter, "*", text: "End of service listing")
}

extension CommandContext: ServiceAsker {
    var person: Client? { client }
    var ownSession: Session? { session }
    var name: String { client.source }

    func tell(_ service: Service, _ text: String) {
        session.send(Line(service.source(on: world.configuration.name), "NOTICE", [client.target], text: text))
    }

    /// On IRC the words say it.
    func refused() {}

    /// Carries out what was said to `service`.
    func run(_ text: String, at service: Service) {
        world.run(text, at: service, for: self)
    }
}

extension World {
    /// Carries out `text`, a command with its arguments.
    func run(_ text: String, at service: Service, for asker: some ServiceAsker) {
        var words = text.split(separator: " ").map(String.init)
        // A CTCP is no command.
        guard let name = words.first, !name.hasPrefix("\u{1}") else { return asker.refused() }
        words.removeFirst()
        if name.uppercased() == "HELP" { return help(words, at: service, for: asker) }
        run(name, words, at: service, for: asker, subject: nil)
    }

    /// Carries out the command called `name`.
    ///
    /// - Parameter subject: the account in whose place an operator gives it; nil: its own.
    func run(_ name: String, _ words: [String], at service: Service, for asker: some ServiceAsker, subject: AccountRecord?) {
        guard let command = service[name] else {
            asker.refused()
            asker.tell(service, "Unknown command \(name.truncated(toBytes: 32)). \(asker.call(service)) HELP lists the commands")
            return
        }
        let request = ServiceRequest(world: self, service: service, command: command, arguments: words, asker: asker, subject: subject)
        switch command.need {
        case .serverOperator(let privilege) where !request.may(privilege):
            let isOne = asker.person?.isOperator == true
            return request.refuse(
                isOne
                    ? "\(command.name) needs the privilege \(privilege.rawValue), which you do not have"
                    : "\(command.name) is for operators of the server")
        case .serverOperator where subject != nil: return request.refuse("\(command.name) is given without FOR")
        case .account where request.account == nil && request.client != nil:
            return request.refuse("You must be logged in to an account to use \(command.name)")
        default: break
        }
        switch command.reach {
        case .person where request.client == nil, .connection where request.client == nil:
            return request.refuse("\(command.name) is for people on the server")
        case .connection where !(asker is CommandContext):
            return request.refuse("\(command.name) is about a connection, and has to be given there")
        default: break
        }
        guard words.count >= command.minimum else { return request.sayUsage() }
        guard !command.isForOwners || request.isFromOwner() else { return }
        command.run(request)
    }

    /// HELP is made from the table.
    private func help(_ words: [String], at service: Service, for asker: some ServiceAsker) {
        func say(_ text: String) { asker.tell(service, text) }
        guard let name = words.first else {
            say("\(service.nick): \(service.purpose)")
            let shown = service.commands.filter { command in
                command.need.privilege.map { Permissions.exercise($0, by: asker.person) } ?? true
            }
            let width = shown.map(\.name.count).max() ?? 0
            for command in shown {
                say("  \(command.name)\(String(repeating: " ", count: width - command.name.count))  \(command.summary)")
            }
            return say("\(asker.call(service)) HELP <command> explains one")
        }
        guard let command = service[name] else {
            asker.refused()
            return say("There is no command \(name.truncated(toBytes: 32))")
        }
        say("Syntax: \(command.usage)")
        say(command.summary)
        for line in command.detail { say(line) }
        if !command.aliases.isEmpty { say("Also: \(command.aliases.joined(separator: ", "))") }
        if let privilege = command.need.privilege { say("For operators of the server with the privilege \(privilege.rawValue)") }
    }
}
