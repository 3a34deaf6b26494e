import IRCProtocol
import Logging
import MainLoop
import Push

extension World {
    /// Takes a new configuration over and tells everybody what of 005 changed, and of the capabilities those who follow it. The name
    /// of the server stays: it is in what clients remember.
    package func reconfigure(_ new: ServerConfiguration) {
        let (before, offered, old) = (isupport().tokens, offers, configuration)
        var new = new
        new.name = configuration.name
        configuration = new
        if configuration.limits != old.limits || configuration.connectionClasses != old.connectionClasses { renewRules() }
        if configuration.blockLists != old.blockLists { forgetBlockLists() }
        announceOffers(since: offered)
        announceTokenServices(since: old.tokenServices)
        lookAtPeople(since: old)
        let after = isupport().tokens
        let key = { (token: String) in String(token.prefix { $0 != "=" }) }
        let kept = Set(after.map(key))
        let changes = after.filter { !before.contains($0) } + before.map(key).filter { !kept.contains($0) }.map { "-" + $0 }
        guard !changes.isEmpty else { return }
        for session in sessions.values where session.isRegistered { sendISupport(changes, to: session) }
    }

    /// Those who may not be here any more go, and so do connections that rest on what does not count any more; those who are not operators
    /// any more are none.
    private func lookAtPeople(since old: ServerConfiguration) {
        for session in Array(sessions.values) {
            guard let identity = session.client.identity, !Permissions.rest(on: session.proof, as: identity, configuration) else {
                continue
            }
            doom(session, .killed("Passwords of AT Protocol accounts do not count here any more"))
        }
        for client in Array(clients.values) where remains(client) && client.isOperator {
            updateOperator(client, before: client.identity, under: old)
            if !client.isOperator { audit("operator.removed", by: client, [:]) }
        }
    }

    /// What 005 tells now, to those whose lines may be `lineLength` long.
    ///
    /// - Parameter rules: of the connection; nil: those for all.
    func isupport(lineLength: Int = Line.maximumLength, rules: ConnectionRules? = nil) -> ISupport {
        var configuration = configuration
        if let rules { configuration.limits = rules.limits }
        return ISupport(configuration, pushKey: pushSender?.publicKey, lineLength: lineLength)
    }

    /// Tells those who follow it which services take tokens now, and which no longer do (draft/authtoken).
    private func announceTokenServices(since before: [ServerConfiguration.TokenService]) {
        let after = configuration.tokenServices
        let gone = before.filter { old in !after.contains { $0.name == old.name } }
        let new = after.filter { service in !before.contains { $0.name == service.name && $0.url == service.url } }
        let lines =
            gone.map { Line(configuration.name, "TOKEN", ["DEL", $0.name]) }
            + new.map { Line(configuration.name, "TOKEN", ["NEW", $0.name, $0.url]) }
        for session in sessions.values where session.isRegistered && session.capabilities.contains(.authToken) {
            for line in lines { session.write(line) }
        }
    }
}
