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
        } effect: { settings in
            if let settings { world.apply(settings, to: account) }
        } then: { settings in
            guard settings != nil else { return context.fail(.internalError, text: "This could not be stored, try again in a moment") }
            context.tellPersistence()
        }
    default: context.fail(.invalidParams, text: "Expected GET, or SET with ON, OFF or DEFAULT")
    }
}

extension CommandContext {
    fileprivate func tellPersistence() {
        let wish = client.identity?.settings.staysOn.map { $0 ? "ON" : "OFF" } ?? "DEFAULT"
        session.send(Line(world.configuration.name, "PERSISTENCE", ["STATUS", wish, Permissions.stay(client) ? "ON" : "OFF"]))
    }
}

extension World {
    /// Everybody logged in to `account` has these settings from now on.
    func apply(_ settings: AccountSettings, to account: String) {
        let folded = CaseMapping.fold(account)
        for client in Array(clients.values) where client.identity.map({ CaseMapping.fold($0.account) }) == folded {
            client.identity?.settings = settings
            if let identity = client.identity { announceHost(of: client, host(for: identity)) }
            updateStay(of: client)
            if client.sessions.isEmpty, !client.staysOn { end(client, reason: "No longer stays without a connection") }
        }
    }

    /// What others see as the host of somebody with this identity.
    func host(for identity: Identity) -> String {
        if let vhost = identity.settings.vhost, identity.settings.vhostIsOff != true { return vhost }
        return cloak.host(for: identity)
    }
}
