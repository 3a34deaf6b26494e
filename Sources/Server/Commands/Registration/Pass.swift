import Accounts
import IRCProtocol
import MainLoop

/// `PASS` (modern-irc "PASS message"): checked off the loop; what counts is known when NICK and USER have come.
@LoopActor
func pass(_ context: CommandContext) {
    let (session, hasher) = (context.session, context.world.services.hasher)
    guard let hash = context.world.configuration.passwordHash else { return }
    let password = context.message[0] ?? ""
    context.wait {
        (try? await hasher.verify(password, hash)) ?? false
    } then: { isRight in
        session.hasPassword = isRight
        if !isRight { context.world.refusePassword(of: session) }
    }
}

extension World {
    /// Whether the server has a password and `session` has not brought it.
    func lacksPassword(_ session: Session) -> Bool {
        configuration.passwordHash != nil && !session.hasPassword
    }

    /// 464, and the end of the connection.
    func refusePassword(of session: Session) {
        session.send(Line(configuration.name, Numeric.passwordMismatch.digits, [session.target], text: "Password incorrect"))
        doom(session, .killed("Bad password"))
    }
}
