import IRCProtocol
import MainLoop

/// Which limits count for a connection.
extension World {
    /// The rules of the first class that fits; those for all where none does.
    func rules(for peer: Peer, gateway: String?, hasAccount: Bool) -> ConnectionRules {
        classRules.first { $0.connectionClass?.includes(peer, gateway: gateway, hasAccount: hasAccount) == true } ?? commonRules
    }

    /// Looks again in which class `session` is: its address or its login is another one. Where the new class is full, or its address has
    /// too many connections for it, the connection is told and ends. Returns whether it stays.
    @discardableResult
    func reclassify(_ session: Session) -> Bool {
        let rules = rules(for: session.peer, gateway: session.gateway, hasAccount: session.client.identity != nil)
        guard rules !== session.rules else { return session.doom == nil }
        guard !rules.isFull else {
            turnAway(session, "Too many connections of the class \(rules.name)")
            return false
        }
        take(session, rules)
        guard addresses.count(session.peer.address) <= rules.limits.connectionsPerAddress else {
            turnAway(session, "Too many connections from your address (limit \(rules.limits.connectionsPerAddress))")
            return false
        }
        return true
    }

    /// After a reload: nobody is disconnected for what the classes are now.
    func renewRules() {
        commonRules = ConnectionRules(nil, configuration.limits)
        classRules = configuration.connectionClasses.map { ConnectionRules($0, configuration.limits) }
        for session in sessions.values {
            take(session, rules(for: session.peer, gateway: session.gateway, hasAccount: session.client.identity != nil))
        }
    }

    private func take(_ session: Session, _ rules: ConnectionRules) {
        session.rules.leave()
        session.rules = rules
        rules.enter()
        session.flood.adopt(rules.limits)
    }

    private func turnAway(_ session: Session, _ text: String) {
        guard session.doom == nil else { return }
        counts.refused.count(.connectionClass)
        announce(.refused, "\(session.peer.address): \(text)", ["address": session.peer.address, "reason": "class"])
        doom(session, .killed(text))
    }

    /// Whether the class of `session` lets it in as it is; it is told and disconnected otherwise.
    func meetsClass(_ session: Session) -> Bool {
        guard reclassify(session) else { return false }
        guard Permissions.enterClass(session) else {
            let text = "You have to log in to connect from where you are: use SASL"
            session.send(Line(fail: .accountRequired, of: "*", [], text: text, from: configuration.name))
            doom(session, .killed(text))
            return false
        }
        return true
    }
}
