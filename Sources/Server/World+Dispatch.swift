import IRCProtocol
import Logging
import MainLoop
import NIOCore

/// From a line to its handler.
extension World {
    func run(_ line: ByteBuffer, from session: Session) {
        guard let message = Message(line) else { return }
        let label = self.label(of: message, from: session)
        var context = CommandContext(world: self, session: session, message: message, reply: Reply(to: session, label: label))
        context.begun = clock.uptime
        session.openReply = context.reply
        dispatch(&context)
        session.openReply = nil
        if !session.isWaiting { context.finish() }
    }

    private func dispatch(_ context: inout CommandContext) {
        let (session, message) = (context.session, context.message)
        let command = commands[message.verb]
        let price = price(of: message, command, from: session)
        guard isReadable(context) else { return session.flood.pay(price) }
        session.flood.pay(session.isPaidForByBatch(message) ? 0 : price)
        if context.collectIntoBatch() { return }
        guard let command else {
            counts.unknownCommands += 1
            if session.isRegistered {
                return context.reply(.unknownCommand, context.verb, text: "Unknown command")
            }
            return context.notRegistered()
        }
        switch (command.phase, session.phase) {
        case (.registered, .registering): return context.notRegistered()
        case (.registering, .registered): return context.reply(.alreadyRegistered, text: "You may not reregister")
        default: break
        }
        guard message.count >= command.minimumParameters else { return context.needMoreParameters() }
        if let privilege = command.privilege, !Permissions.exercise(privilege, by: context.client) {
            return context.privilegeNeeded(privilege)
        }
        if message.verb != "PING", message.verb != "PONG" { context.client.activeAt = clock.uptime }
        counts.commandUses[command.number] += 1
        context.number = command.number
        command.run(context)
    }

    /// What a line takes from the flood bucket: a long one as much as the lines that it stands for, and what is said as much as a
    /// message of several lines.
    private func price(of message: Message, _ command: Command?, from session: Session) -> Int {
        let cost = command?.cost ?? 1
        guard session.peer.takesLongLines, message.contentLength > Line.maximumLength else { return cost }
        let isSpoken = message.verb == "PRIVMSG" || message.verb == "NOTICE"
        return cost * (1 + message.contentLength / (isSpoken ? Line.longLength / 4 : Line.maximumLength))
    }

    /// Whether the line is one that may be understood at all; answers otherwise.
    private func isReadable(_ context: CommandContext) -> Bool {
        let message = context.message
        if message.contentLength > context.session.peer.lineLength - 2 || message.tagSectionLength > TagSection.maximumClientBytes + 2 {
            context.reply(.inputTooLong, text: "Input line was too long")
        } else if !message.isValidUTF8 {
            context.fail(.invalidUTF8, text: "Message rejected: this server takes UTF-8 only")
        } else if message.hasForbiddenBytes {
            context.reply(.unknownError, context.verb, text: "A line must not contain CR or NUL")
        } else {
            return true
        }
        return false
    }

    private func label(of message: Message, from session: Session) -> String? {
        guard session.capabilities.contains(.labeledResponse), let label = message.tags?.value(of: "label"), !label.isEmpty,
            label.utf8.count <= 64
        else { return nil }
        return label
    }
}
