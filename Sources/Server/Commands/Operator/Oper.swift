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
    let (account, address, closings) = (client.identity?.account, AddressGroup(context.session.peer.address).key, world.closings)
    context.wait {
        var verdict = await desk.judge(name: name, secret: secret, account: account, address: address)
        // An account was closed meanwhile, or its password changed: perhaps this one.
        if case .password = verdict, await world.closings != closings { verdict = .again }
        // Here and not below: what was decided stays decided when the client is gone by now.
        await world.audit(verdict, on: name, by: client)
        return verdict
    } then: { verdict in
        switch verdict {
        case .password where world.closings != closings: context.reply(.passwordMismatch, text: OperatorDesk.again)
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

extension World {
    /// Takes the powers that OPER gave from those who have them as somebody `isMeant`: what they showed for it counts no more.
    func endOperating(except own: Client? = nil, where isMeant: (Identity) -> Bool) {
        for client in clients.values where client !== own && client.isOperator && client.operatesAs.map(isMeant) == true {
            client.operatesAs = nil
            // It may be an operator by its own login.
            guard client.identity.map({ Permissions.operate(as: $0, configuration) }) != true else { continue }
            client.modes.set(.oper, false)
            let hadNotices = !client.notices.isEmpty
            setNotices(NoticeMask(), of: client)
            client.send(event("MODE", [client.target], text: hadNotices ? "-os" : "-o"))
        }
    }
}
