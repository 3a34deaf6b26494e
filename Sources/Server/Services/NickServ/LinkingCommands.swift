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
    request.world.askForBrowser(context.session, as: request[0] ?? "", linkingTo: identity.account, request.asker) { request.say($0) }
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
    request.withAccountInReach(request[0] ?? "") { account in unlink(account, request, codeAt: 1) }
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
            case .unlinked(let did):
                request.say("\(did) is not linked to \(account.name) any more")
                request.tellOtherWays(into: account.name)
            case .nothing: request.refuse("Nothing is linked to \(account.name)")
            case .onlyWay:
                request.refuse("Nothing else opens \(account.name): it needs a password (PASSWD) or a certificate (CERT ADD) first")
            case nil: request.refuseForNow()
            }
        }
    }
}
