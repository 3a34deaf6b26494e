import Accounts
import IRCProtocol
import Logging
import MainLoop

/// `REGISTER <account or *> <email or *> <password> [<code>]` (draft/account-registration); the code, which the draft does not know, is
/// for servers on which only the invited make accounts.
@LoopActor
func register(_ context: CommandContext) {
    let (world, session, rules) = (context.world, context.session, context.world.configuration.accounts)
    let wanted = context.message[0] ?? "*"
    func refuse(_ code: FailCode, _ text: String) { context.fail(code, wanted, text: text) }
    guard session.isRegistered || rules.beforeConnect && !world.lacksPassword(session) else {
        return refuse(.completeConnectionRequired, "Finish connecting first")
    }
    if let account = context.client.identity?.account {
        return context.fail(.alreadyAuthenticated, account, text: "You are logged in to an account")
    }
    guard let nick = (session.wantedNick ?? context.client.nick ?? session.askedNick)?.text else {
        return refuse(.needNick, "Choose a nickname first")
    }
    let name = wanted == "*" ? nick : wanted
    guard rules.customName || CaseMapping.fold(name) == CaseMapping.fold(nick) else {
        return refuse(.accountNameMustBeNick, "The account must be called like your nickname")
    }
    context.makeAccount(
        name: name, password: context.message[2] ?? "", email: context.message[1] ?? "*", invite: context.message[3]
    ) { outcome in
        switch outcome {
        case .made(let identity):
            session.send(
                Line(world.configuration.name, "REGISTER", ["SUCCESS", identity.account], text: "Account successfully registered"))
            world.logIn(session, as: identity)
            world.completeRegistration(of: session)
        case .codeSent(let email):
            session.send(
                Line(
                    world.configuration.name, "REGISTER", ["VERIFICATION_REQUIRED", name],
                    text: "A code is on its way to \(email); send it with VERIFY \(name) <code>"))
        case .refused(let refusal): context.fail(refusal.code, name, text: refusal.text)
        }
    }
}

/// `VERIFY <account> <code>` (draft/account-registration).
@LoopActor
func verify(_ context: CommandContext) {
    let (world, session) = (context.world, context.session)
    let name = context.message[0] ?? "*"
    guard session.isRegistered || world.configuration.accounts.beforeConnect && !world.lacksPassword(session) else {
        return context.fail(.completeConnectionRequired, name, text: "Finish connecting first")
    }
    if let account = context.client.identity?.account {
        return context.fail(.alreadyAuthenticated, account, text: "You are logged in to an account")
    }
    context.verifyAccount(name, code: context.message[1] ?? "") { outcome in
        switch outcome {
        case .made(let identity):
            session.send(
                Line(world.configuration.name, "VERIFY", ["SUCCESS", identity.account], text: "Account successfully registered"))
            world.logIn(session, as: identity)
            world.completeRegistration(of: session)
        case .codeSent: break
        case .refused(let refusal): context.fail(refusal.code, name, text: refusal.text)
        }
    }
}

extension CommandContext {
    /// Makes an account, or has the code for it sent: what REGISTER and NickServ share.
    func makeAccount(
        name: String, password: String, email: String, invite: String?, then body: @escaping @LoopActor (AccountMaker.Outcome) -> Void
    ) {
        let rules = world.configuration.accounts
        let request: AccountRequest
        do throws(AccountRequest.Refusal) {
            guard Permissions.makeAccounts(at: world.defense) else { throw .closedForNow }
            guard Permissions.makeAccount(by: session, in: world) else { throw .notFromHere }
            request = try AccountRequest(name: name, password: password, email: email, invite: invite, rules)
        } catch {
            return body(.refused(error))
        }
        if let owner = world.reservedNicks[CaseMapping.fold(name)], owner != client.identity.map({ CaseMapping.fold($0.account) }) {
            return body(.refused(.init(code: .accountExists, text: "This name belongs to somebody")))
        }
        if let holder = world.nicknames[CaseMapping.fold(name)], holder !== client {
            return body(.refused(.init(code: .accountExists, text: "Somebody uses this nickname now")))
        }
        // Counted before it is known what comes of it: several at once would pass otherwise, and codes by mail cost too.
        guard world.allowances.spend("register " + AddressGroup(session.peer.address).key, limit: rules.perHour, at: world.clock.uptime)
        else {
            return body(.refused(.init(code: .temporarilyUnavailable, text: "Too many accounts from your address, try again later")))
        }
        let maker = world.accountMaker
        wait {
            await maker.make(request, needsCode: rules.needsEmail)
        } effect: { [client] outcome in
            if case .made(let identity) = outcome { world.noteNewAccount(identity, by: client) }
        } then: {
            body($0)
        }
    }

    /// Ends the making of an account with the code that came by mail.
    func verifyAccount(_ name: String, code: String, then body: @escaping @LoopActor (AccountMaker.Outcome) -> Void) {
        let maker = world.accountMaker
        guard Permissions.makeAccount(by: session, in: world) else { return body(.refused(.notFromHere)) }
        guard world.allowances.spend("verify " + AddressGroup(session.peer.address).key, limit: 20, at: world.clock.uptime) else {
            return body(.refused(.init(code: .temporarilyUnavailable, text: "Too many codes from your address, try again later")))
        }
        wait {
            await maker.verify(name, code)
        } effect: { [client] outcome in
            if case .made(let identity) = outcome { world.noteNewAccount(identity, by: client) }
        } then: {
            body($0)
        }
    }
}

extension World {
    var accountMaker: AccountMaker {
        AccountMaker(services: services, network: configuration.network, now: clock.wallMilliseconds)
    }

    /// The name of an account is a nickname for its owner only, from now on.
    func noteNewAccount(_ identity: Identity, by client: Client) {
        reservedNicks[CaseMapping.fold(identity.account)] = CaseMapping.fold(identity.account)
        announce(
            .accountMade, "\(client.source) (\(client.address)) makes the account \(identity.account)",
            ["account": identity.account, "by": client.source])
    }
}
