import IRCProtocol

/// Channels: who is in them, and how they are run.
let channelCommands: [Command] = [
    Command(
        "JOIN", parameters: 1, cost: 2, help: "JOIN <channel>[,<channel>…] [<key>[,<key>…]]: enters channels; JOIN 0 leaves all", run: join),
    Command("PART", parameters: 1, help: "PART <channel>[,<channel>…] [:<reason>]: leaves channels", run: part),
    Command("TOPIC", parameters: 1, help: "TOPIC <channel> [:<topic>]: shows or sets the topic", run: topic),
    Command("NAMES", cost: 2, help: "NAMES <channel>: shows who is in a channel", run: names),
    Command("LIST", cost: 3, help: "LIST [<channel or mask or condition>,…]: shows the channels there are", run: list),
    Command("MODE", parameters: 1, help: "MODE <channel or nickname> [<modes> [<parameters>…]]: shows or changes modes", run: mode),
    Command("KICK", parameters: 2, help: "KICK <channel> <nickname>[,<nickname>…] [:<reason>]: throws somebody out", run: kick),
    Command("INVITE", help: "INVITE [<nickname> <channel>]: asks somebody in; alone, shows your invitations", run: invite),
]

extension CommandContext {
    /// The channel of this name if the client is in it; otherwise 403 or 442, and nil.
    func channelOfMine(_ name: String) -> (channel: Channel, member: Member)? {
        guard let channel = world.channels[CaseMapping.fold(name)] else {
            noSuchChannel(name)
            return nil
        }
        guard let member = channel[client] else {
            reply(.notOnChannel, channel.name.text, text: "You're not on that channel")
            return nil
        }
        return (channel, member)
    }

    /// 403.
    func noSuchChannel(_ name: String) {
        reply(.noSuchChannel, name.isSafeParameter ? name : "*", text: "No such channel")
    }

    /// 401.
    func noSuchNick(_ name: String) {
        reply(.noSuchNick, name.isSafeParameter ? name : "*", text: "No such nick/channel")
    }

    /// 482.
    func operatorNeeded(_ channel: Channel) {
        reply(.channelPrivilegesNeeded, channel.name.text, text: "You're not a channel operator")
    }
}
