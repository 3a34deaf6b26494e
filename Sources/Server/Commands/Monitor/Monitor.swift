import IRCProtocol
import MainLoop

/// Bytes of names in one numeric: what is left of a line beside the names of server and client.
private let namesLimit = 300

/// `MONITOR` (IRCv3 monitor).
@LoopActor
func monitor(_ context: CommandContext) {
    let (world, session) = (context.world, context.session)
    switch context.message[0]?.uppercased() {
    case "+":
        guard let names = context.names(1) else { return }
        context.watch(names)
    case "-":
        guard let names = context.names(1) else { return }
        for name in names { world.watches.remove(CaseMapping.fold(name), for: session) }
    case "C":
        world.watches.removeAll(of: session)
    case "L":
        for line in session.watched.nicks.map(\.text).joinedIntoLines(ofBytes: namesLimit, separator: ",") {
            context.reply(.monitorList, text: line)
        }
        context.reply(.endOfMonitorList, text: "End of MONITOR list")
    case "S":
        context.tellPresence(of: session.watched.nicks)
    default:
        context.reply(.unknownError, context.verb, text: "MONITOR takes + or - with nicknames, or C, L or S")
    }
}

extension CommandContext {
    /// Takes names until the list is full; 734 has those that found no room, as they were typed.
    fileprivate func watch(_ names: [String]) {
        let limit = targetLimit
        var added: [Nickname] = []
        for (position, name) in names.enumerated() {
            guard let nick = Nickname(name, limit: world.configuration.limits.nick) else {
                reply(.erroneousNickname, name.asParameter, text: "Erroneous nickname")
                continue
            }
            if session.watched.contains(nick.folded) { continue }
            guard session.watched.count < limit else {
                for line in names[position...].joinedIntoLines(ofBytes: namesLimit, separator: ",") {
                    reply(.monitorListFull, String(limit), line.asParameter, text: "Monitor list is full.")
                }
                break
            }
            if world.watches.add(nick, for: session) { added.append(nick) }
        }
        tellPresence(of: added)
        for nick in added {
            guard let other = world.nicknames[nick.folded], Permissions.follow(other, by: client) else { continue }
            world.sendMetadata(of: .person(other), to: session)
        }
    }

    /// 730 for those who are here, 731 for the others.
    fileprivate func tellPresence(of nicks: [Nickname]) {
        var (here, gone): ([String], [String]) = ([], [])
        for nick in nicks {
            if let other = world.nicknames[nick.folded], Permissions.seePresence(of: other, by: client) {
                here.append(other.source)
            } else {
                gone.append(nick.text)
            }
        }
        for line in here.joinedIntoLines(ofBytes: namesLimit, separator: ",") { reply(.monitorOnline, text: line) }
        for line in gone.joinedIntoLines(ofBytes: namesLimit, separator: ",") { reply(.monitorOffline, text: line) }
    }
}

extension World {
    /// Tells those who watch the nickname of `client` that it is here now.
    func announceArrival(of client: Client) {
        guard let nick = client.nick else { return }
        for watcher in watches.of(nick.folded) where Permissions.seePresence(of: client, by: watcher.client) {
            watcher.write(Line(configuration.name, Numeric.monitorOnline.digits, [watcher.target], text: client.source))
            if Permissions.follow(client, by: watcher.client) { sendMetadata(of: .person(client), to: watcher) }
        }
    }

    /// Tells those who watch `nick` that nobody has it any more.
    func announceDeparture(of nick: Nickname) {
        for watcher in watches.of(nick.folded) {
            watcher.write(Line(configuration.name, Numeric.monitorOffline.digits, [watcher.target], text: nick.text))
        }
    }

    /// Tells of a change of `client` (AWAY, ACCOUNT, CHGHOST, SETNAME) everybody who has `capability` and shares a channel with
    /// it, and those who watch it and have extended-monitor too; each once (IRCv3 extended-monitor).
    func sendToFollowers(of client: Client, _ line: Line, with capability: Capability) {
        sendToPeers(of: client, line) { $0.contains(capability) }
        guard let nick = client.nick else { return }
        var renderer = LineRenderer(line)
        for watcher in watches.of(nick.folded) where watcher.client.visit != visits {
            guard watcher.capabilities.contains(.extendedMonitor), watcher.capabilities.contains(capability),
                Permissions.follow(client, by: watcher.client)
            else { continue }
            watcher.write(renderer.bytes(for: watcher.capabilities))
        }
    }
}
