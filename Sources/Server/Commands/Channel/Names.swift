import IRCProtocol
import MainLoop

/// `NAMES` (modern-irc "NAMES message"): of one or more channels; of none, only the end.
@LoopActor
func names(_ context: CommandContext) {
    let wanted = context.message[0] ?? ""
    for name in wanted.split(separator: ",").prefix(context.targetLimit) {
        guard let channel = context.world.channels[CaseMapping.fold(name)], Permissions.see(channel, by: context.client) else { continue }
        context.world.sendNames(of: channel, to: context.session)
    }
    context.world.sendEndOfNames(wanted.asParameter, to: context.session)
}

extension World {
    /// 353 in as many lines as it takes, and 366.
    func showNames(of channel: Channel, to session: Session) {
        sendNames(of: channel, to: session)
        sendEndOfNames(channel.name.text, to: session)
    }

    fileprivate func sendNames(of channel: Channel, to session: Session) {
        let symbol = channel.modes.contains(.secret) ? "@" : channel.modes.contains(.isPrivate) ? "*" : "="
        let head = [session.target, symbol, channel.name.text]
        // ":server 353 target = #channel :" and CR LF.
        let overhead = configuration.name.utf8.count + head.reduce(0) { $0 + $1.utf8.count + 1 } + 9
        var line = ""
        func flush() {
            if !line.isEmpty { session.send(Line(configuration.name, Numeric.names.digits, head, text: line)) }
            line = ""
        }
        for member in channel.members where Permissions.see(member.client, in: channel, by: session.client) {
            let prefixes = member.ranks.prefixes(all: session.capabilities.contains(.multiPrefix))
            let name = session.capabilities.contains(.userhostInNames) ? member.client.source : member.client.target
            if overhead + line.utf8.count + prefixes.utf8.count + name.utf8.count + 1 > Line.maximumLength { flush() }
            line += (line.isEmpty ? "" : " ") + prefixes + name
        }
        flush()
    }

    fileprivate func sendEndOfNames(_ name: String, to session: Session) {
        session.send(Line(configuration.name, Numeric.endOfNames.digits, [session.target, name], text: "End of /NAMES list"))
    }
}
