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
        // One line: clients in the field take the first LS line for all of it.
        context.sendCap("LS", Capability.allCases.map { context.world.offer($0, version302: session.usesCapVersion302) })
    case "LIST":
        context.sendCap("LIST", session.capabilities.all.map(\.name))
    case "REQ":
        session.isNegotiating = !session.isRegistered
        request(context)
    case "END":
        guard !session.isRegistered else { return }
        session.isNegotiating = false
        // Whoever ends the negotiation in the middle of a login goes on without it (IRCv3 sasl, "Aborting").
        if session.sasl.exchange != nil { context.failSASL(.aborted) }
        context.world.completeRegistration(of: session)
    case let subcommand:
        context.reply(.invalidCapCommand, subcommand ?? "*", text: "Invalid CAP command")
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
    fileprivate func sendCap(_ subcommand: String, _ names: [String]) {
        session.send(Line(world.configuration.name, "CAP", [client.target, subcommand], text: names.joined(separator: " ")))
    }
}

extension World {
    /// A capability as `CAP LS` shows it; values are for those who know version 302.
    fileprivate func offer(_ capability: Capability, version302: Bool) -> String {
        capability == .sasl && version302 ? "sasl=" + saslMechanisms.joined(separator: ",") : capability.name
    }
}
