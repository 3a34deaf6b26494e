import Accounts
import IRCProtocol
import MainLoop

extension ServiceRequest {
    /// The connection that asks. The desk lets nobody else through to a command about it.
    var connection: CommandContext? { asker as? CommandContext }

    /// Tells what came of making an account, and logs in.
    fileprivate func tell(_ outcome: AccountMaker.Outcome, _ context: CommandContext) {
        switch outcome {
        case .made(let identity):
            say("Your account is \(identity.account)")
            world.logIn(context.session, as: identity)
        case .codeSent(let email): say("A code is on its way to \(email): /msg NickServ VERIFY <account> <code>")
        case .refused(let refusal): refuse(refusal.text)
        }
    }
}

@LoopActor
func registerNick(_ request: ServiceRequest) {
    guard let context = request.connection else { return }
    guard request.account == nil else { return request.refuse("You are logged in to an account") }
    context.makeAccount(
        name: context.client.target, password: request[0] ?? "", email: request[1] ?? "*", invite: request[2]
    ) { request.tell($0, context) }
}

@LoopActor
func verifyNick(_ request: ServiceRequest) {
    guard let context = request.connection else { return }
    guard request.account == nil else { return request.refuse("You are logged in to an account") }
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
        case .rejected: request.refuse("There is no such account, or the password is wrong")
        case .suspended: request.refuse("\(name) is suspended")
        default: request.refuse(failure.text)
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
    guard let client = request.client else { return }
    guard client.sessions.count == 1 else {
        return request.refuse("Your other connections are logged in to the same account; quit this one instead")
    }
    request.world.logOut(client)
}
