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
        context.sendCap("LS", context.world.offers(to: session))
    case "LIST":
        context.sendCap("LIST", session.capabilities.all.map(\.name))
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

/// All or nothing: one unknown name and none is changed.
@LoopActor
private func request(_ context: CommandContext) {
    let wanted = (context.message[1] ?? "").split(separator: " ")
    var capabilities = context.session.capabilities
    for name in wanted {
        let removes = name.hasPrefix("-")
        guard let capability = Capability(name: name.drop { $0 == "-" }) else { return context.sendCap("NAK", wanted.map(String.init)) }
        if !removes {
            capabilities.insert(capability)
        } else if capability == .capNotify, context.session.usesCapVersion302 {
            return context.sendCap("NAK", wanted.map(String.init))
        } else {
            capabilities.remove(capability)
        }
    }
    context.sendCap("ACK", wanted.map(String.init))
    context.session.capabilities = capabilities
}

extension CommandContext {
    /// A list goes out in as many lines as it takes, with `*` before all but the last; clients that do not know version 302
    /// take one line, and get what fits. A WebSocket client that named no subprotocol takes every line for the whole.
    fileprivate func sendCap(_ subcommand: String, _ names: [String]) {
        let (server, head) = (world.configuration.name, [client.target, subcommand])
        if session.peer.takesLongLines {
            return session.send(Line(server, "CAP", head, text: names.joined(separator: " "), limit: .max))
        }
        // ":server CAP target SUBCOMMAND * :" and CR LF.
        let room = Line.maximumLength - server.utf8.count - head.reduce(0) { $0 + $1.utf8.count } - 14
        let lines = names.joinedIntoLines(ofBytes: room)
        guard lines.count > 1 else { return session.send(Line(server, "CAP", head, text: lines.first ?? "")) }
        let isList = subcommand == "LS" || subcommand == "LIST"
        guard isList else {
            for line in lines { session.send(Line(server, "CAP", head, text: line)) }
            return
        }
        // Some clients that ask for 302 understand only the last line (pydle 1.2): there stands what matters most, such as sasl.
        let shown = session.usesCapVersion302 ? Array(lines.reversed()) : [lines[0]]
        for (position, line) in shown.enumerated() {
            session.send(Line(server, "CAP", head + (position < shown.count - 1 ? ["*"] : []), text: line))
        }
    }
}

extension World {
    /// What `CAP LS` shows to `session`; values are for those who know version 302.
    fileprivate func offers(to session: Session) -> [String] {
        let offered = Capability.allCases.filter { capability in
            switch capability {
            case .accountRegistration: configuration.accounts.registration != .off
            case .webPush, .webPushSoju: pushSender != nil
            default: true
            }
        }
        guard session.usesCapVersion302 else { return offered.map(\.name) }
        var offers = offered.map { capability in
            value(of: capability, for: session).map { "\(capability.name)=\($0)" } ?? capability.name
        }
        // Nobody requests it, so it is no capability like the others.
        if let sts = configuration.strictTransport, session.peer.transport != .webSocket {
            let port = session.peer.isSecure ? "" : "port=\(sts.port),"
            offers.insert("sts=\(port)duration=\(sts.duration)", at: 0)
        }
        return offers
    }

    private func value(of capability: Capability, for session: Session) -> String? {
        switch capability {
        case .accountRegistration: configuration.accounts.tokens.isEmpty ? nil : configuration.accounts.tokens.joined(separator: ",")
        case .metadata2, .metadata3:
            "before-connect,max-subs=\(configuration.limits.metadataSubscriptions),max-keys=\(configuration.limits.metadataKeys),"
                + "max-value-bytes=\(Metadata.maximumValue)"
        case .multiline: "max-bytes=\(configuration.limits.multilineBytes),max-lines=\(configuration.limits.multilineLines)"
        case .relayMessage: relaySeparator
        case .sasl: session.saslMechanisms.joined(separator: ",")
        default: nil
        }
    }
}

extension ServerConfiguration.Accounts {
    /// What draft/account-registration says of how accounts are made.
    fileprivate var tokens: [String] {
        (beforeConnect ? ["before-connect"] : []) + (needsEmail ? ["email-required"] : []) + (customName ? ["custom-account-name"] : [])
    }
}
