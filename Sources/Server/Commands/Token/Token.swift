import Accounts
import IRCProtocol
import MainLoop

/// `TOKEN` (proposal draft/authtoken): proves to services beside the chat who somebody is.
@LoopActor
func token(_ context: CommandContext) {
    guard context.session.capabilities.contains(.batch) else {
        return context.fail(.needCapability, "batch", text: "You must have the batch capability before using this command")
    }
    if context.collectIntoTokenBatch() { return }
    switch context.message[0]?.uppercased() {
    case "SERVICELIST": context.world.sendTokenServices(to: context.session)
    case "GENERATE": context.generateToken()
    case "VALIDATE":
        guard let service = context.message[1], let text = context.message[2] else { return context.needMoreParameters() }
        context.validateToken(text, for: service)
    case let subcommand:
        context.fail(.unknownCommand, subcommand ?? "*", text: "No such subcommand TOKEN \((subcommand ?? "*").asParameter)")
    }
}

extension World {
    func sendTokenServices(to session: Session) {
        guard !configuration.tokenServices.isEmpty else {
            return session.send(Line(.noServices, of: "TOKEN", text: "No services are defined for this network", from: configuration.name))
        }
        let reply = session.openReply ?? Reply(to: session, label: nil)
        reply.batch("draft/authtoken", ["*"]) {
            for service in configuration.tokenServices {
                reply.add(Line(configuration.name, "TOKEN", ["SERVICE", service.name, service.url], text: service.description))
            }
        }
    }

    /// The service of this name, in any case.
    fileprivate func tokenService(_ name: String) -> ServerConfiguration.TokenService? {
        configuration.tokenServices.first { CaseMapping.fold($0.name) == CaseMapping.fold(name) }
    }
}

extension CommandContext {
    fileprivate func generateToken() {
        guard session.isRegistered else { return notRegistered() }
        guard let name = message[1] else { return needMoreParameters() }
        guard let service = world.tokenService(name) else {
            return fail(.unknownService, name, text: "No external service named \(name.asParameter) is defined")
        }
        guard let account = client.identity?.account else {
            return fail(.accountRequired, text: "You must be logged into an account to generate a token for the \(service.name) service")
        }
        guard world.allowances.spend("token \(account)", limit: 60, at: world.clock.uptime) else {
            return fail(.rateLimited, service.name, text: "Too many tokens, try again later")
        }
        var scope: String?
        if let wanted = message[2], !wanted.isEmpty {
            switch Permissions.scope(wanted, of: client) {
            case .allowed(let name): scope = name
            case .unknown: return fail(.invalidScope, wanted, text: "There is no such channel, and it is not your name")
            case .notYours: return fail(.noPermissions, wanted, text: "You are not in this channel")
            }
        }
        let token = world.tokens.issue(for: client, account: account, service: service.name, scope: scope, at: world.clock.uptime)
        session.send(Line(world.configuration.name, "TOKEN", ["GENERATE", service.name], text: token))
    }

    /// Tells the service whose token it was shown.
    func validateToken(_ text: String, for name: String) {
        let service = world.tokenService(name)
        guard let service, Permissions.validateTokens(of: service, by: session) else {
            return fail(.noPermissions, name, text: "You do not have permission to validate \(name.asParameter) tokens")
        }
        guard let issued = world.tokens.redeem(text, service: service.name, at: world.clock.uptime), let person = issued.client,
            person.isRegistered, person.identity?.account == issued.account
        else { return fail(.invalidToken, text: "The provided token could not be validated") }
        reply.batch("draft/authtoken", [service.name]) {
            for (key, value) in TokenClaims(of: person, scope: issued.scope).lines {
                session.send(Line(world.configuration.name, "TOKEN", ["CLAIM", key], text: value))
            }
        }
    }
}
