import ATProto
import Accounts
import IRCProtocol
import MainLoop

extension World {
    /// Binds `identity` to the connection and tells it, and whoever sees it, so (900, account-notify, chghost).
    func logIn(_ session: Session, as identity: Identity) {
        let client = session.client
        let before = client.source
        let hadAccount = client.identity?.account
        client.identity = identity
        let host = cloak.host(for: identity)
        client.modes.set(.registered, true)
        if identity.isOperator { client.modes.set(.oper, true) }
        if client.isRegistered, host != client.host {
            announceHost(of: client, host: host, before: before)
        } else {
            client.host = host
        }
        session.send(
            Line(
                configuration.name, Numeric.loggedIn.digits, [client.target, client.source, identity.account],
                text: "You are now logged in as \(identity.account)"))
        if client.isRegistered, hadAccount != identity.account {
            let line = event(by: client, "ACCOUNT", [identity.account])
            sendToFollowers(of: client, line, with: .accountNotify)
            client.send(line) { $0.contains(.accountNotify) }
        }
    }

    /// CHGHOST has the old source and goes to all who can read it, the client too (IRCv3 chghost).
    private func announceHost(of client: Client, host: String, before: String) {
        client.host = host
        let line = Line(
            before, "CHGHOST", [client.user, host],
            tags: tags(by: client, time: clock.wallMilliseconds))
        client.send(line) { $0.contains(.chgHost) }
        sendToFollowers(of: client, line, with: .chgHost)
    }
}
