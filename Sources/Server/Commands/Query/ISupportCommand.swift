import IRCProtocol
import MainLoop

/// `ISUPPORT` (draft/extended-isupport): before the end of registration only with the capability.
@LoopActor
func isupport(_ context: CommandContext) {
    guard context.session.isRegistered || context.session.capabilities.contains(.extendedISupport) else { return context.notRegistered() }
    context.world.sendISupport(to: context.session)
}

extension World {
    /// 005, all of it or `changes` only; in a batch for those who want that.
    func sendISupport(_ changes: [String]? = nil, to session: Session) {
        let lines = ISupport.lines(of: changes ?? isupport(lineLength: session.peer.lineLength, rules: session.rules).tokens).map {
            Line(configuration.name, Numeric.iSupport.digits, [session.target] + $0, text: "are supported by this server")
        }
        guard session.capabilities.contains(.extendedISupport) else {
            for line in lines { session.send(line) }
            return
        }
        session.send(lines, asBatch: "draft/isupport")
    }
}

extension Session {
    /// Sends `lines` in a batch of their own when it knows batches: as a part of the answer, or at once when there is none.
    func send(_ lines: [Line], asBatch type: String, _ parameters: [String] = []) {
        let reply = openReply ?? Reply(to: self, label: nil)
        reply.batch(type, parameters) {
            for line in lines { reply.add(line) }
        }
    }
}
