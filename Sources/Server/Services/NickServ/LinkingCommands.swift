import ATProto
import Accounts
import IRCProtocol
import Logging
import MainLoop
import Store

/// `LINK <handle>`: the browser proves the identity and binds it to the account.
@LoopActor
func linkIdentity(_ request: ServiceRequest) {
    guard let context = request.connection, let identity = request.client?.identity else { return }
    guard identity.isLocal else {
        return request.refuse("Your account is an AT Protocol identity itself; one can be linked to an account with a name of its own")
    }
    if let did = identity.did { return request.refuse("\(did) is linked to your account; UNLINK takes it off") }
    guard request.mayMakeCredentials(for: nil) else { return }
    request.world.askForBrowser(context.session, as: request[0] ?? "", linkingTo: identity.account) { request.say($0) }
}

/// `UNLINK [<code>]`.
@LoopActor
func unlinkIdentity(_ request: ServiceRequest) {
    guard let own = request.ownAccount else { return }
    guard request.mayMakeCredentials(for: nil) else { return }
    request.withAccount(own) { account in unlink(account, request, codeAt: 0) }
}

/// `SAUNLINK <account> [<code>]`.
@LoopActor
func unlinkSomebody(_ request: ServiceRequest) {
    request.withAccount(request[0] ?? "") { account in unlink(account, request, codeAt: 1) }
}

@LoopActor
private func unlink(_ account: AccountRecord, _ request: ServiceRequest, codeAt index: Int) {
    guard account.isLocal, let did = account.did.flatMap({ DID($0) }) else {
        return request.refuse("Nothing is linked to \(account.name)")
    }
    let (world, accounts) = (request.world, request.world.services.accounts)
    request.confirm(
        "\(account.name) \(did)", at: index,
        warning: "This takes \(did) off the account \(account.name), ends its logins on the web, and closes the connections that rest on it"
    ) {
        request.wait {
            try? await accounts.unlinkDID(fromAccount: account.name)
        } effect: { outcome in
            guard case .unlinked(let text)? = outcome, let did = DID(text) else { return }
            world.unlinked(did, from: account.name)
            request.note("account.unlink", ["account": account.name, "did": text])
        } then: { outcome in
            switch outcome {
            case .unlinked(let did): request.say("\(did) is not linked to \(account.name) any more")
            case .nothing: request.refuse("Nothing is linked to \(account.name)")
            case .onlyWay:
                request.refuse("Nothing else opens \(account.name): it needs a password (PASSWD) or a certificate (CERT ADD) first")
            case nil: request.refuseForNow()
            }
        }
    }
}

extension World {
    /// Makes `did`, which is proven, open the account that `session` is logged in to.
    func link(_ did: DID, _ handle: Handle?, to account: String, for session: Session) async -> BrowserLogin {
        switch try? await services.accounts.link(did: did.text, toAccount: account) {
        case .linked: break
        case .closed: return .refused("The account \(account) is closed.")
        case .occupied: return .refused("Another identity is linked to the account \(account); /msg NickServ UNLINK takes it off.")
        case .taken(let owner) where owner == did.text:
            return .refused(
                "\(handle?.text ?? owner) has an account of its own here. Log in with it and delete that (/msg NickServ UNREGISTER), "
                    + "then link it.")
        case .taken(let owner): return .refused("\(handle?.text ?? did.text) is linked to the account \(owner) already.")
        case nil: return .refused("This could not be stored; try again in a moment.")
        }
        // Logins that are judged just now do not know of it.
        closings += 1
        logger.notice("account.link", metadata: ["account": "\(account)", "did": "\(did)", "by": "\(session.client.source)"])
        for client in everybody(where: { $0.isLocal && CaseMapping.fold($0.account) == CaseMapping.fold(account) }) {
            let before = client.identity
            client.identity?.did = did
            client.identity?.handle = handle
            identityChanged(of: client, before: before)
            client.send(
                Line(
                    configuration.name, "NOTICE", [client.target],
                    text: "\(did)\(handle.map { " (@\($0))" } ?? "") is linked to your account \(account)"))
        }
        return .linked(account: account)
    }

    /// A DID does not open a local account any more.
    fileprivate func unlinked(_ did: DID, from account: String) {
        closings += 1
        let webLogins = services.webLogins
        separate(did, reason: "\(did) is not linked to \(account) any more")
        job {
            _ = try? await webLogins?.endWebLogins(of: did, reason: "the identity was unlinked")
        } then: {
        }
    }

    /// Closes the connections to local accounts that rest on `did`. The accounts, and what was logged in to them otherwise, stay
    /// without it.
    func separate(_ did: DID, reason: String) {
        for client in everybody(where: { $0.isLocal && $0.did == did }) {
            for session in client.sessions where session.proof == .identity { doom(session, .killed(reason)) }
            let before = client.identity
            client.identity?.did = nil
            client.identity?.handle = nil
            identityChanged(of: client, before: before)
        }
    }

    /// Those whose identity `isMeant`, those who still register too.
    private func everybody(where isMeant: (Identity) -> Bool) -> [Client] {
        (Array(clients.values) + sessions.values.lazy.filter { !$0.isRegistered }.map(\.client))
            .filter { $0.identity.map(isMeant) == true }
    }

    /// Does what follows from another DID or handle: who operates the server, who may be here, and in which channels.
    private func identityChanged(of client: Client, before: Identity?) {
        updateOperator(client, before: before)
        guard client.isRegistered else { return }
        keep(client)
        guard remains(client) else { return }
        throwOutWhereUnwanted(client)
    }
}
