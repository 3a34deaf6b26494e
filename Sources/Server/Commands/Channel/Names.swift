import IRCProtocol
import MainLoop

/// `NAMES` (modern-irc "NAMES message"): of one or more channels; of none, only the end.
@LoopActor
func names(_ context: CommandContext) {
    let wanted = context.message[0] ?? ""
    for name in wanted.split(separator: ",").prefix(context.world.configuration.limits.targets) {
        guard let channel = context.world.channels[CaseMapping.fold(name)], Permissions.see(channel, by: context.client) else { continue }
        context.world.sendNames(of: channel, to: context.client)
    }
    context.world.sendEndOfNames(wanted.asParameter, to: context.client)
}

extension World {
    /// 353 in as many lines as it takes, and 366.
    func showNames(of channel: Channel, to client: Client) {
        sendNames(of: channel, to: client)
        sendEndOfNames(channel.name.text, to: client)
    }

    fileprivate func sendNames(of channel: Channel, to client: Client) {
        let symbol = channel.modes.contains(.secret) ? "@" : channel.modes.contains(.isPrivate) ? "*" : "="
        let head = [client.target, symbol, channel.name.text]
        // ":server 353 target = #channel :" and CR LF.
        let overhead = configuration.name.utf8.count + head.reduce(0) { $0 + $1.utf8.count + 1 } + 9
        var line = ""
        func flush() {
            if !line.isEmpty { client.send(Line(configuration.name, Numeric.names.digits, head, text: line)) }
            line = ""
        }
        for member in channel.members where Permissions.see(member.client, in: channel, by: client) {
            let prefixes = member.ranks.prefixes(all: client.capabilities.contains(.multiPrefix))
            let name = client.capabilities.contains(.userhostInNames) ? member.client.source : member.client.target
            if overhead + line.utf8.count + prefixes.utf8.count + name.utf8.count + 1 > Line.maximumLength { flush() }
            line += (line.isEmpty ? "" : " ") + prefixes + name
        }
        flush()
    }

    fileprivate func sendEndOfNames(_ name: String, to client: Client) {
        client.send(Line(configuration.name, Numeric.endOfNames.digits, [client.target, name], text: "End of /NAMES list"))
    }
}
