import Accounts
import IRCProtocol
import Logging
import MainLoop

/// How connections come and go.
extension World {
    /// Takes a new connection in. It may be refused: then it is told why and closed, and the client is dead already.
    package func accept(_ connection: any ClientConnection) -> Client {
        let client = Client(connection, world: self)
        guard !isShuttingDown else {
            refuse(client, "Server is shutting down, try again in a moment")
            return client
        }
        guard addresses.add(connection.peer.address, limit: configuration.limits.connectionsPerAddress) else {
            refuse(client, "Too many connections from your address (limit \(configuration.limits.connectionsPerAddress))")
            return client
        }
        clients[ObjectIdentifier(client)] = client
        return client
    }

    /// The transport tells that the connection is gone.
    package func disconnected(_ client: Client, because reason: String) {
        remove(client, reason: reason)
    }

    /// The client ends the session: it gets an ERROR, the others its QUIT.
    func quit(_ client: Client, reason: String) {
        sendError(client, reason)
        client.connection.flush()
        remove(client, reason: reason)
        client.connection.close()
    }

    /// Carries out a ``Doom``.
    func cut(_ client: Client) {
        guard let doom = client.doom, client.phase != .closed else { return }
        logger.debug("client cut", metadata: ["nick": "\(client.target)", "reason": "\(doom.reason)"])
        client.doom = nil
        guard doom.discardsQueue else { return quit(client, reason: doom.reason) }
        remove(client, reason: doom.reason)
        client.connection.abort()
    }

    private func refuse(_ client: Client, _ reason: String) {
        sendError(client, reason)
        client.connection.flush()
        client.phase = .closed
        client.connection.close()
    }

    private func sendError(_ client: Client, _ reason: String) {
        client.openReply = nil
        client.connection.write(Line("", "ERROR", text: "Closing link: \(client.connection.peer.address) (\(reason))").body)
    }

    /// Forgets `client` and tells those who could see it. Does nothing when it is gone already.
    private func remove(_ client: Client, reason: String) {
        guard clients.removeValue(forKey: ObjectIdentifier(client)) != nil else { return }
        addresses.remove(client.connection.peer.address)
        if let nick = client.nick, nicknames[nick.folded] === client { nicknames[nick.folded] = nil }
        if client.phase == .registered {
            registeredCount -= 1
            rememberForWhowas(client)
            let line = event(by: client, "QUIT", text: reason)
            client.phase = .closed
            sendToPeers(of: client, line)
        }
        client.phase = .closed
        for channel in Array(client.channels.values) { leave(channel, client) }
        client.inbox.removeAll()
    }

    /// Takes `client` out of `channel`, and the channel out of the world when that was the last one.
    func leave(_ channel: Channel, _ client: Client) {
        channel.remove(client)
        client.channels[channel.name.folded] = nil
        if channel.isEmpty, !channel.modes.contains(.permanent) { close(channel) }
    }

    /// Takes `channel` out of the world.
    func close(_ channel: Channel) {
        channel.isGone = true
        channels[channel.name.folded] = nil
    }

    func rememberForWhowas(_ client: Client) {
        guard let nick = client.nick else { return }
        whowas.add(
            WhowasList.Entry(
                nick: nick, user: client.user, host: client.host, realname: client.realname, account: client.identity?.account,
                address: client.connection.peer.address, leftAt: clock.wallMilliseconds))
    }

    /// Tells everybody goodbye. New connections are refused from now on; those that wait for slow work lose it.
    package func shutdown(reason: String) {
        isShuttingDown = true
        for client in Array(clients.values) {
            sendError(client, reason)
            client.connection.flush()
            client.phase = .closed
            client.connection.close()
        }
        clients = [:]
        nicknames = [:]
        channels = [:]
        registeredCount = 0
    }
}
