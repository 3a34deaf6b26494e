import IRCProtocol
import Logging
import MainLoop

/// What a handler gets: who asks, what, and how to answer.
@LoopActor
struct CommandContext {
    let world: World
    /// The connection that the command came over; answers go there.
    let session: Session
    let message: Message
    let reply: Reply

    /// Who asks.
    var client: Client { session.client }

    /// The command that is answered, when it is another one than that of the message.
    var answered: String?
    /// When it began, and its ``Command/number``; nil: how long it takes is not counted.
    var begun: Duration = .zero
    var number: Int?
    /// The command as it may stand in an answer: what a client calls a command may begin with a colon.
    var verb: String { answered ?? message.verb.text.asParameter }

    /// Answers with a numeric: `:server 401 nick parameters :text`.
    func reply(_ numeric: Numeric, _ parameters: String..., text: String? = nil) {
        reply(numeric, parameters, text: text)
    }

    /// As above, with the parameters as an array.
    func reply(_ numeric: Numeric, _ parameters: [String], text: String? = nil) {
        session.send(Line(world.configuration.name, numeric.digits, [client.target] + parameters, text: text))
    }

    /// 461.
    func needMoreParameters() {
        reply(.needMoreParams, verb, text: "Not enough parameters")
    }

    /// 451.
    func notRegistered() {
        reply(.notRegistered, text: "You have not registered")
    }

    /// 481 for who is no operator, 723 for one without the privilege.
    func privilegeNeeded(_ privilege: OperatorPrivilege) {
        guard client.isOperator else { return reply(.noPrivileges, text: "Permission Denied- You're not an IRC operator") }
        reply(.noOperatorPrivilege, privilege.rawValue, text: "Insufficient oper privileges")
    }

    /// A standard reply (IRCv3 standard-replies): `FAIL verb code context :text`.
    func fail(_ code: FailCode, _ context: String..., text: String) {
        fail(code, context, text: text)
    }

    /// As above, with the context as an array, in which what cannot stand in the middle of a line is `*`.
    func fail(_ code: FailCode, _ context: [String], text: String) {
        session.send(Line(fail: code, of: verb, context, text: text, from: world.configuration.name))
    }

    /// A notice from the server.
    func notice(_ text: String) {
        session.send(Line(world.configuration.name, "NOTICE", [client.target], text: text))
    }

    /// Does slow work off the loop. The client's later lines wait; `body` gets the result on the loop, as a part of
    /// this command, unless the client is gone by then.
    ///
    /// - Parameter effect: what the result changes in the world, whether the client is still there or not: the database is changed
    ///   already. It comes before `body`.
    func wait<Result: Sendable>(
        for work: @escaping @Sendable () async -> Result, effect: @escaping @LoopActor (Result) -> Void,
        then body: @escaping @LoopActor (Result) -> Void
    ) {
        session.waits += 1
        world.job(work) { result in
            effect(result)
            resume { body(result) }
        }
    }

    /// Sends the answer and counts how long it took.
    func finish() {
        reply.finish()
        if let number { world.counts.commandTimes[number].observe(world.clock.uptime - begun) }
    }

    private func resume(_ body: () -> Void) {
        guard session.phase != .closed else { return }
        session.waits -= 1
        session.openReply = reply
        body()
        session.openReply = nil
        if !session.isWaiting {
            finish()
            world.drain(session)
        }
    }
}
