import Accounts
import IRCProtocol
import MainLoop

/// `CAP` (IRCv3 capability negotiation 302).
@LoopActor
func cap(_ context: CommandContext) {
    let session = context.session
    switch context.message[0]?.uppercased() {
    case "LS":
        session.isNegotiating = !session.isRegistered
        if let version = context.message[1].flatMap({ Int($0) }), version >= 302 {
            session.usesCapVersion302 = true
            // With 302 comes cap-notify, and it cannot be given up.
            session.capabilities.insert(.capNotify)
        }
        let offers = context.world.offers(to: ConnectionKind(session))
        session.send(session.cap("LS", offers.map { session.usesCapVersion302 ? $0.text : $0.name }))
    case "LIST":
        session.send(session.cap("LIST", session.capabilities.all.map(\.name)))
    case "REQ":
        session.isNegotiating = !session.isRegistered
        request(context)
    case "END":
        guard !session.isRegistered else { return }
        session.isNegotiating = false
        // Whoever ends the negotiation in the middle of a login goes on without it (IRCv3 sasl, "Aborting").
        if let exchange = session.sasl.exchange { return context.failSASL(exchange.refusal ?? .aborted) }
        context.world.completeRegistration(of: session)
    case let subcommand:
        context.reply(.invalidCapCommand, (subcommand ?? "*").asParameter, text: "Invalid CAP command")
    }
}

/// All or nothing: one name that is unknown, or not offered, and none is changed.
@LoopActor
private func request(_ context: CommandContext) {
    let session = context.session
    let wanted = (context.message[1] ?? "").split(separator: " ").map(String.init)
    func refuse() { session.send(session.cap("NAK", wanted)) }
    var capabilities = session.capabilities
    for name in wanted {
        let removes = name.hasPrefix("-")
        guard let capability = Capability(name: name.drop { $0 == "-" }) else { return refuse() }
        if !removes {
            guard context.world.isOffered(capability) else { return refuse() }
            capabilities.insert(capability)
        } else if capability == .capNotify, session.usesCapVersion302 {
            return refuse()
        } else {
            capabilities.remove(capability)
        }
    }
    session.send(session.cap("ACK", wanted))
    session.capabilities = capabilities
}

extension Session {
    /// A list is as many lines as it takes, with `*` before all but the last; clients that do not know version 302 take one line,
    /// and get what fits. A WebSocket client that named no subprotocol takes every line for the whole.
    func cap(_ subcommand: String, _ names: [String]) -> [Line] {
        let head = [target, subcommand]
        if peer.takesLongLines {
            return [Line(serverName, "CAP", head, text: names.joined(separator: " "), limit: .max)]
        }
        // ":server CAP target SUBCOMMAND * :" and CR LF.
        let room = Line.maximumLength - serverName.utf8.count - head.reduce(0) { $0 + $1.utf8.count } - 14
        let lines = names.joinedIntoLines(ofBytes: room)
        guard lines.count > 1 else { return [Line(serverName, "CAP", head, text: lines.first ?? "")] }
        let isList = subcommand == "LS" || subcommand == "LIST"
        guard isList else { return lines.map { Line(serverName, "CAP", head, text: $0) } }
        // Some clients that ask for 302 understand only the last line (pydle 1.2): there stands what matters most, such as sasl.
        let shown = usesCapVersion302 ? Array(lines.reversed()) : [lines[0]]
        return shown.enumerated().map { position, line in
            Line(serverName, "CAP", head + (position < shown.count - 1 ? ["*"] : []), text: line)
        }
    }

    /// Tells this connection several lines.
    func send(_ lines: [Line]) {
        for line in lines { send(line) }
    }
}
