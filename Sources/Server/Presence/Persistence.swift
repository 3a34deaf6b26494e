import Accounts
import IRCProtocol
import MainLoop
import Store

/// `PERSISTENCE GET` and `PERSISTENCE SET <ON|OFF|DEFAULT>` (draft/persistence): whether one stays without a connection.
@LoopActor
func persistence(_ context: CommandContext) {
    let world = context.world
    guard let account = context.client.identity?.account else {
        return context.fail(.accountRequired, text: "An account is required")
    }
    switch (context.message[0]?.uppercased(), context.message[1]?.uppercased()) {
    case ("GET", _), ("STATUS", _): context.tellPersistence()
    case ("SET", let value?):
        guard let wanted = ["ON": true, "OFF": false, "DEFAULT": nil][value] else { fallthrough }
        context.wait {
            try? await world.services.accounts.changeSettings(name: account) { $0.staysOn = wanted }
        } effect: { [session = context.session] settings in
            if let settings { world.apply(settings, to: account, answering: session) }
        } then: { settings in
            guard settings != nil else { return context.fail(.internalError, text: "This could not be stored, try again in a moment") }
            context.tellPersistence()
        }
    default: context.fail(.invalidParams, text: "Expected GET, or SET with ON, OFF or DEFAULT")
    }
}

extension CommandContext {
    fileprivate func tellPersistence() {
        session.send(client.persistenceStatus)
    }
}

extension Session {
    /// Tells whether its person stays, without being asked: to those who know draft/persistence and have an account.
    func tellPersistence() {
        if capabilities.contains(.persistence), client.identity != nil { send(client.persistenceStatus) }
    }
}

extension Client {
    /// What it wants, and what is so.
    fileprivate var persistenceStatus: Line {
        let wish = identity?.settings.staysOn.map { $0 ? "ON" : "OFF" } ?? "DEFAULT"
        return Line(world.configuration.name, "PERSISTENCE", ["STATUS", wish, Permissions.stay(self) ? "ON" : "OFF"])
    }
}

extension World {
    /// Everybody logged in to `account` has these settings from now on.
    ///
    /// - Parameter asker: a connection that is answered by whoever changed them.
    func apply(_ settings: AccountSettings, to account: String, answering asker: Session? = nil) {
        let folded = CaseMapping.fold(account)
        for client in Array(clients.values) where client.identity.map({ CaseMapping.fold($0.account) }) == folded {
            let status = client.persistenceStatus.body
            client.identity?.settings = settings
            if let identity = client.identity { announceHost(of: client, host(for: identity)) }
            updateStay(of: client)
            if client.persistenceStatus.body != status {
                for session in client.sessions where session !== asker { session.tellPersistence() }
            }
            if client.sessions.isEmpty, !client.staysOn { end(client, reason: "No longer stays without a connection") }
        }
    }

    /// What others see as the host of somebody with this identity.
    func host(for identity: Identity) -> String {
        if let vhost = identity.settings.vhost, identity.settings.vhostIsOff != true { return vhost }
        return cloak.host(for: identity)
    }
}
