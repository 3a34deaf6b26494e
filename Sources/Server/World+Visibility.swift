import Accounts
import IRCProtocol
import MainLoop
import Store

/// Who sees whom in a channel, where not everybody sees everybody (modes D and u).
extension World {
    /// Sends `line`, which is about `subject`, to those in `channel` who see it, itself included.
    func send(_ line: Line, about subject: Client, to channel: Channel, where includes: (Member) -> Bool = { _ in true }) {
        guard let member = channel[subject] else { return }
        guard channel.isVeiled else { return send(line, to: channel, where: includes) }
        send(line, to: channel, where: { Permissions.see(member, by: $0, in: channel) && includes($0) })
    }

    /// Tells those whom `includes` lets through that `client` is in `channel`.
    ///
    /// - Parameter tags: those of the line; nil when this is not the moment at which it came.
    func showJoin(of client: Client, to channel: Channel, tags: LineTags? = nil, where includes: (Member) -> Bool) {
        for extended in [false, true] {
            var line = joinLine(of: client, to: channel, extended: extended)
            if let tags { line.tags = tags }
            send(line, to: channel, for: { $0.contains(.extendedJoin) == extended }, where: includes)
        }
        guard let text = client.away else { return }
        send(event(by: client, "AWAY", text: text), to: channel, for: { $0.contains(.awayNotify) }) {
            $0.client !== client && includes($0)
        }
    }

    /// - Parameter extended: with account and real name (IRCv3 extended-join).
    func joinLine(of client: Client, to channel: Channel, extended: Bool) -> Line {
        guard extended else { return event(by: client, "JOIN", [channel.name.text]) }
        return event(by: client, "JOIN", [channel.name.text, client.identity?.account ?? "*"], text: client.realname)
    }

    /// Lets the others see a member that has kept quiet so far (mode D).
    func reveal(_ client: Client, in channel: Channel) {
        guard channel[client]?.isUnseen == true else { return }
        changeVisibility(of: client, in: channel) { channel.update(client) { $0.isUnseen = false } }
        _ = chronicle(.join, in: channel, by: client, [client.identity?.account ?? "*"], text: client.realname)
    }

    /// Does `change`, and shows the member to those who see it from now on with a JOIN; to those who no longer do, with a PART.
    func changeVisibility(of client: Client, in channel: Channel, _ change: () -> Void) {
        guard channel.isVeiled, let before = channel[client] else { return change() }
        let saw = Set(channel.members.filter { Permissions.see(before, by: $0, in: channel) }.map { ObjectIdentifier($0.client) })
        change()
        guard let after = channel[client] else { return }
        let sees = { (member: Member) in Permissions.see(after, by: member, in: channel) }
        showJoin(of: client, to: channel) { !saw.contains(ObjectIdentifier($0.client)) && sees($0) }
        send(event(by: client, "PART", [channel.name.text]), to: channel, where: { saw.contains(ObjectIdentifier($0.client)) && !sees($0) })
    }
}
