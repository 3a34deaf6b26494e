import Accounts
import IRCProtocol
import MainLoop

/// Who gets a line.
extension World {
    /// A line that `client` causes, with its time and account.
    func event(by client: Client, _ verb: String, _ parameters: [String] = [], text: String? = nil) -> Line {
        Line(client.source, verb, parameters, text: text, tags: tags(by: client, time: clock.wallMilliseconds))
    }

    /// The tags of everything that `client` causes.
    func tags(by client: Client, time: Int64) -> LineTags {
        var tags = LineTags(time: time, account: client.identity?.account)
        tags.isBot = client.modes.contains(.bot)
        tags.isOperator = Permissions.tagAsOperator(client)
        return tags
    }

    /// A line that the server itself causes.
    func event(_ verb: String, _ parameters: [String] = [], text: String? = nil) -> Line {
        Line(configuration.name, verb, parameters, text: text, tags: LineTags(time: clock.wallMilliseconds))
    }

    /// Sends `line` to all members of `channel` that `includes` lets through. One buffer serves all of one shape.
    ///
    /// - Parameter wants: which of their connections get it, by their capabilities.
    func send(
        _ line: Line, to channel: Channel, for wants: (CapabilitySet) -> Bool = { _ in true },
        where includes: (Member) -> Bool = { _ in true }
    ) {
        var renderer = LineRenderer(line)
        for member in channel.members where includes(member) {
            for session in member.client.sessions where wants(session.capabilities) {
                if session.openReply != nil {
                    session.send(line)
                } else {
                    session.write(renderer.bytes(for: session.capabilities))
                }
            }
        }
    }

    /// Sends `line` once to everybody who shares a channel with `client`, not to itself.
    func sendToPeers(of client: Client, _ line: Line, for wants: (CapabilitySet) -> Bool = { _ in true }) {
        visits += 1
        client.visit = visits
        var renderer = LineRenderer(line)
        for channel in client.channels.values {
            guard let me = channel[client] else { continue }
            let isVeiled = channel.isVeiled
            for member in channel.members where member.client.visit != visits {
                if isVeiled, !Permissions.see(me, by: member, in: channel) { continue }
                member.client.visit = visits
                for session in member.client.sessions where wants(session.capabilities) {
                    session.write(renderer.bytes(for: session.capabilities))
                }
            }
        }
    }

    /// A time for a message: never before the one of the message before, so that history has one order.
    func nextMessageTime() -> Int64 {
        lastMessageTime = max(lastMessageTime, clock.wallMilliseconds)
        return lastMessageTime
    }
}
