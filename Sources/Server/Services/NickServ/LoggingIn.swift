import Accounts
import IRCProtocol
import MainLoop

extension ServiceRequest {
    /// The connection that asks; nil for an administrator, who is told so.
    var connection: CommandContext? {
        if let context = asker as? CommandContext { return context }
        say("\(command.name) is for people on the server")
        return nil
    }

    /// Tells what came of making an account, and logs in.
    fileprivate func tell(_ outcome: AccountMaker.Outcome, _ context: CommandContext) {
        switch outcome {
        case .made(let identity):
            say("Your account is \(identity.account)")
            world.logIn(context.session, as: identity)
        case .codeSent(let email): say("A code is on its way to \(email): /msg NickServ VERIFY <account> <code>")
        case .refused(let refusal): say(refusal.text)
        }
    }
}

@LoopActor
func registerNick(_ request: ServiceRequest) {
    guard let context = request.connection else { return }
    guard request.account == nil else { return request.say("You are logged in to an account") }
    context.makeAccount(
        name: context.client.target, password: request[0] ?? "", email: request[1] ?? "*", invite: request[2]
    ) { request.tell($0, context) }
}

@LoopActor
func verifyNick(_ request: ServiceRequest) {
    guard let context = request.connection else { return }
    guard request.account == nil else { return request.say("You are logged in to an account") }
    context.verifyAccount(request[0] ?? "", code: request[1] ?? "") { request.tell($0, context) }
}

/// `IDENTIFY <password>` for the account called like the nickname, `IDENTIFY <account> <password>` for another one.
@LoopActor
func identify(_ request: ServiceRequest) {
    guard let context = request.connection else { return }
    let (name, password) = request.arguments.count > 1 ? (request[0] ?? "", request[1] ?? "") : (context.client.target, request[0] ?? "")
    context.logIn(with: .plain(account: name, password: password)) { failure in
        guard let failure else { return request.say("You are logged in as \(request.account ?? name)") }
        switch failure {
        case .rejected: request.say("There is no such account, or the password is wrong")
        case .suspended: request.say("\(name) is suspended")
        default: request.say(failure.text)
        }
        guard failure.counts else { return }
        context.session.sasl.failures += 1
        if context.session.sasl.failures >= SASLState.failureLimit {
            request.world.doom(context.session, .killed("Too many failed logins"))
        }
    }
}

@LoopActor
func logOutOfService(_ request: ServiceRequest) {
    guard let context = request.connection else { return }
    guard context.client.sessions.count == 1 else {
        return request.say("Your other connections are logged in to the same account; quit this one instead")
    }
    request.world.logOut(context.client)
}
