import IRCProtocol
import MainLoop

/// What the parameters of a command name; what is not there is answered with its numeric.
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
        if let other = world.person(named: nick) { return other }
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

    /// Whether the parameter at `index`, if there is one, names this server or somebody on it; 402 otherwise.
    func isAboutThisServer(_ index: Int) -> Bool {
        guard let server = message[index], !server.isEmpty, !Mask(glob: server).matches(world.configuration.name),
            world.nicknames[CaseMapping.fold(server)]?.isRegistered != true
        else { return true }
        reply(.noSuchServer, server.asParameter, text: "No such server")
        return false
    }
}

extension World {
    /// Whoever is registered under this nickname.
    func person(named nick: some StringProtocol) -> Client? {
        nicknames[CaseMapping.fold(nick)].flatMap { $0.isRegistered ? $0 : nil }
    }
}
