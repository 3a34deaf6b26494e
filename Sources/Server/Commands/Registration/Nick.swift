import IRCProtocol
import MainLoop
import Store

/// `NICK` (modern-irc "NICK message").
@LoopActor
func nick(_ context: CommandContext) {
    let (world, client) = (context.world, context.client)
    guard let wanted = context.message[0], !wanted.isEmpty else {
        return context.reply(.noNicknameGiven, text: "No nickname given")
    }
    guard let nick = Nickname(wanted, limit: world.configuration.limits.nick) else {
        return context.reply(.erroneousNickname, wanted.asParameter, text: "Erroneous nickname")
    }
    context.session.askedNick = nick
    guard Permissions.use(nick, by: client) else {
        // The login may still come.
        guard context.session.isNegotiating, Service.named(nick.folded) == nil else { return context.nicknameReserved(nick) }
        context.session.wantedNick = nick
        return
    }
    if let owner = world.nicknames[nick.folded], owner !== client {
        guard !client.isRegistered, context.session.isNegotiating || Permissions.attach(context.session, to: owner) else {
            return context.nicknameInUse(nick)
        }
        context.session.wantedNick = nick
        return world.completeRegistration(of: context.session)
    }
    context.session.wantedNick = nil
    if client.nick?.text == nick.text { return }
    if let channel = Permissions.channelAgainstRenaming(client) {
        if channel.modes.contains(.noNickChange) {
            return context.reply(
                .cannotChangeNickname, channel.name.text, text: "Cannot change nickname while in \(channel.name.text) (+N)")
        }
        return context.reply(
            .banOnChannel, nick.text, channel.name.text, text: "Cannot change nickname while banned on a channel you are in")
    }
    world.rename(client, to: nick)
    if !client.isRegistered { world.completeRegistration(of: context.session) }
}

extension CommandContext {
    /// 433.
    func nicknameInUse(_ nick: Nickname) {
        reply(.nicknameInUse, nick.text, text: "Nickname is already in use")
    }

    /// 433 for a nickname that nobody uses now.
    func nicknameReserved(_ nick: Nickname) {
        reply(.nicknameInUse, nick.text, text: world.reservation(of: nick, for: client))
    }
}

extension World {
    /// Why `client` may not have `nick`, which nobody uses now.
    func reservation(of nick: Nickname, for client: Client) -> String {
        if Service.named(nick.folded) != nil { return "Nickname is that of a service" }
        if client.identity != nil { return "Nickname is reserved by a different account" }
        return client.isRegistered
            ? "Nickname is reserved: log in to its account first (/msg NickServ IDENTIFY \(nick.text) <password>)"
            : "Nickname is reserved: log in with SASL, or connect with another one and use /msg NickServ IDENTIFY"
    }

    /// Gives `client` a nickname that is free, and tells everybody who sees it.
    func rename(_ client: Client, to nick: Nickname?) {
        guard let nick else { return }
        if client.isRegistered {
            rememberForWhowas(client)
            chronicleEverywhere(.nick, by: client, text: nick.text)
            let line = event(by: client, "NICK", text: nick.text)
            client.send(line)
            sendToPeers(of: client, line)
        }
        let old = client.nick
        if let old, nicknames[old.folded] === client { nicknames[old.folded] = nil }
        client.nick = nick
        nicknames[nick.folded] = client
        keep(client)
        // A change of case only is no other nickname.
        guard client.isRegistered, let old, old != nick else { return }
        announce(
            .nickChanged, "\(old.text) is now \(client.source) (\(client.address))",
            ["from": old.text, "nick": nick.text, "address": client.address])
        announceDeparture(of: old)
        announceArrival(of: client)
        turnAwayIfBanned(client)
    }
}
