import Accounts
import IRCProtocol
import Logging
import MainLoop
import Store

/// `OPER` (modern-irc "OPER message"): the password of a local account that may operate the server, or the one-time code with
/// which the first operator claims it.
@LoopActor
func oper(_ context: CommandContext) {
    let (world, client) = (context.world, context.client)
    let (name, secret) = (context.message[0] ?? "", context.message[1] ?? "")
    let desk = OperatorDesk(services: world.services, now: world.clock.wallMilliseconds)
    let (account, address) = (client.identity?.account, AddressGroup(context.session.peer.address).key)
    context.wait {
        let verdict = await desk.judge(name: name, secret: secret, account: account, address: address)
        // Here and not below: what was decided stays decided when the client is gone by now.
        await world.audit(verdict, on: name, by: client)
        return verdict
    } then: { verdict in
        switch verdict {
        case .password(let identity):
            context.becomeOperator(as: identity)
            // The password is that of an account: whoever operates the server runs the channels of it, too.
            if client.identity == nil { world.logIn(context.session, as: identity) }
        case .claimed(let account):
            client.identity?.isOperator = true
            context.becomeOperator(as: nil)
            context.notice("This server is yours: \(account) is its operator from now on.")
        case .claimedWithNewAccount(let account, let password):
            context.becomeOperator(as: Identity(account: account, isOperator: true))
            context.notice("This server is yours. Your account is \(account), its password is \(password)")
            context.notice("Write it down, it is not shown again. From now on: /OPER \(account) <password>, or log in with SASL PLAIN.")
            // Whoever owns the server goes on to register its channels.
            if client.identity == nil { world.logIn(context.session, as: Identity(account: account, isOperator: true)) }
        case .refused(let reason):
            context.reply(.passwordMismatch, text: reason)
        }
    }
}

extension CommandContext {
    /// - Parameter identity: whose rights it has; nil: those of who is logged in.
    fileprivate func becomeOperator(as identity: Identity?) {
        client.modes.set(.oper, true)
        client.operatesAs = identity
        reply(.youAreOper, text: "You are now an IRC operator")
        client.send(world.event("MODE", [client.target], text: "+o"))
        world.beginNotices(for: client)
    }
}

extension World {
    fileprivate func audit(_ verdict: OperatorDesk.Verdict, on name: String, by client: Client) {
        switch verdict {
        case .password(let identity): audit("operator.login", by: client, ["operator": identity.account])
        case .claimed(let account), .claimedWithNewAccount(let account, _):
            audit("operator.claim", by: client, ["operator": account])
        case .refused(let reason):
            audit("operator.refused", by: client, ["operator": String(name.prefix(64)), "reason": reason], outcome: .refused)
        }
    }
}
