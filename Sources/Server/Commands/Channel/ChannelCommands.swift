import IRCProtocol

/// Channels: who is in them, and how they are run.
let channelCommands: [Command] = [
    Command(
        "JOIN", parameters: 1, cost: 2, help: "JOIN <channel>[,<channel>…] [<key>[,<key>…]]: enters channels; JOIN 0 leaves all", run: join),
    Command("PART", parameters: 1, help: "PART <channel>[,<channel>…] [:<reason>]: leaves channels", run: part),
    Command("TOPIC", parameters: 1, help: "TOPIC <channel> [:<topic>]: shows or sets the topic", run: topic),
    Command("NAMES", cost: 2, help: "NAMES <channel>[,<channel>…]: shows who is in channels", run: names),
    Command("LIST", cost: 3, help: "LIST [<channel or mask or condition>,…]: shows the channels there are", run: list),
    Command("MODE", parameters: 1, help: "MODE <channel or nickname> [<modes> [<parameters>…]]: shows or changes modes", run: mode),
    Command("KICK", parameters: 2, help: "KICK <channel> <nickname>[,<nickname>…] [:<reason>]: throws somebody out", run: kick),
    Command("KNOCK", parameters: 1, cost: 2, help: "KNOCK <channel>: asks those who run a channel to be let in", run: knock),
    Command("INVITE", help: "INVITE [<nickname> <channel>]: asks somebody in; alone, shows your invitations", run: invite),
]

extension CommandContext {
    /// The names in the comma-separated parameter at `index`; 461 and nil when there is none.
    func names(_ index: Int) -> [String]? {
        let names = (message[index] ?? "").split(separator: ",").map(String.init)
        guard names.isEmpty else { return names }
        needMoreParameters()
        return nil
    }

    /// The channel of this name if the client may know of it; otherwise 403, and nil.
    func channelInSight(_ name: String) -> Channel? {
        if let channel = world.channels[CaseMapping.fold(name)], Permissions.see(channel, by: client) { return channel }
        noSuchChannel(name)
        return nil
    }

    /// The channel of this name if the client is in it; otherwise 403 or 442, and nil.
    func channelOfMine(_ name: String) -> (channel: Channel, member: Member)? {
        guard let channel = channelInSight(name) else { return nil }
        guard let member = channel[client] else {
            notOnChannel(channel)
            return nil
        }
        return (channel, member)
    }

    /// The person of this nickname; otherwise 401, and nil.
    func person(_ nick: String) -> Client? {
        if let other = world.nicknames[CaseMapping.fold(nick)], other.isRegistered { return other }
        noSuchNick(nick)
        return nil
    }

    /// `person` as a member of `channel`; otherwise 441, and nil.
    func member(_ person: Client, of channel: Channel) -> Member? {
        if let member = channel[person] { return member }
        reply(.userNotInChannel, person.target, channel.name.text, text: "They aren't on that channel")
        return nil
    }

    /// 401.
    func noSuchNick(_ name: String) {
        reply(.noSuchNick, name.asParameter, text: "No such nick/channel")
    }

    /// 403.
    func noSuchChannel(_ name: String) {
        reply(.noSuchChannel, name.asParameter, text: "No such channel")
    }

    /// 442.
    func notOnChannel(_ channel: Channel) {
        reply(.notOnChannel, channel.name.text, text: "You're not on that channel")
    }

    /// 482.
    func operatorNeeded(_ channel: Channel) {
        reply(.channelPrivilegesNeeded, channel.name.text, text: "You're not a channel operator")
    }
}

extension String {
    /// The text itself where it can stand in the middle of a line, `*` where it cannot.
    var asParameter: String { isSafeParameter ? self : "*" }
}
