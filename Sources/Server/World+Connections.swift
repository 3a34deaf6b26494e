import Accounts
import IRCProtocol
import Logging
import MainLoop
import Store

/// How connections come and go.
extension World {
    /// Takes a new connection in. It may be refused: then it is told why and closed, and the session is dead already.
    package func accept(_ connection: any ClientConnection) -> Session {
        let session = Session(connection, world: self)
        guard !isShuttingDown else {
            counts.refused.count(.shutdown)
            refuse(session, "Server is shutting down, try again in a moment")
            return session
        }
        guard !isDraining else {
            counts.refused.count(.draining)
            refuse(session, "Server takes no new connections for now, try again later")
            return session
        }
        if let ban = Permissions.ban(onAddress: connection.peer.address, in: self) {
            for line in ban.explanation(for: "*", from: configuration.name) { connection.write(line.body) }
            counts.refused.count(.banned)
            notify(
                .banKeptOut, "Ban \(ban.record.id) on \(ban.record.mask) keeps out \(connection.peer.address)",
                ["ban": "\(ban.record.id)", "mask": ban.record.mask, "address": connection.peer.address])
            refuse(session, ban.farewell)
            return session
        }
        guard !session.rules.isFull else {
            counts.refused.count(.connectionClass)
            announce(
                .refused, "Too many connections of the class \(session.rules.name): \(connection.peer.address)",
                ["address": connection.peer.address, "reason": "class"])
            refuse(session, "Too many connections of the class \(session.rules.name)")
            return session
        }
        let limit = session.rules.limits.connectionsPerAddress
        guard addresses.add(connection.peer.address, limit: limit) else {
            counts.refused.count(.address)
            announce(
                .refused, "Too many connections from \(connection.peer.address)",
                ["address": connection.peer.address, "reason": "connections_per_address"])
            refuse(session, "Too many connections from your address (limit \(limit))")
            return session
        }
        sessions[ObjectIdentifier(session)] = session
        session.rules.enter()
        counts.opened.count(connection.peer.transport)
        askBlockLists(about: session)
        return session
    }

    /// The transport tells that the connection is gone.
    package func disconnected(_ session: Session, because reason: String) {
        remove(session, reason: reason, as: .lost)
    }

    /// Ends one connection in an orderly way: it gets an ERROR.
    ///
    /// - Parameter end: what it is counted as.
    func close(_ session: Session, reason: String, as end: Counts.End = .killed) {
        sendError(session, reason)
        session.connection.flush()
        remove(session, reason: reason, as: end)
        session.connection.close()
    }

    /// Ends all connections of a person, and with them the person, also one who stays.
    func end(_ client: Client, reason: String) {
        stopStaying(client)
        for session in client.sessions { close(session, reason: reason) }
        remove(client, reason: reason)
    }

    /// Carries out a ``Doom``.
    func cut(_ session: Session) {
        guard let doom = session.doom, session.phase != .closed else { return }
        if doom.isFlood {
            announce(
                .cut, "\(session.client.source) (\(session.peer.address)) is cut: \(doom.reason)",
                ["nick": session.target, "address": session.peer.address, "reason": doom.reason])
        } else {
            logger.debug("client.cut", metadata: ["nick": "\(session.target)", "reason": "\(doom.reason)"])
        }
        session.doom = nil
        guard doom.discardsQueue else { return close(session, reason: doom.reason, as: doom.end) }
        remove(session, reason: doom.reason, as: doom.end)
        session.connection.abort()
    }

    private func refuse(_ session: Session, _ reason: String) {
        sendError(session, reason)
        session.connection.flush()
        session.phase = .closed
        session.connection.close()
    }

    private func sendError(_ session: Session, _ reason: String) {
        session.openReply = nil
        session.connection.write(Line("", "ERROR", text: "Closing link: \(session.peer.address) (\(reason))").body)
    }

    /// Forgets `session`, and its client when it was the last one. Does nothing when it is gone already.
    private func remove(_ session: Session, reason: String, as end: Counts.End) {
        guard sessions.removeValue(forKey: ObjectIdentifier(session)) != nil else { return }
        counts.ended.count(end)
        session.rules.leave()
        addresses.remove(session.peer.address)
        apiBearers.void(session)
        session.phase = .closed
        session.inbox.removeAll()
        watches.removeAll(of: session)
        session.client.detach(session)
        session.client.devices.left(session.device ?? "", at: clock.wallMilliseconds)
        guard session.client.sessions.isEmpty else { return }
        if session.client.staysOn { settle(session.client, reason: reason) } else { remove(session.client, reason: reason) }
    }

    /// Forgets `client` and tells those who could see it. Does nothing when it is gone already.
    private func remove(_ client: Client, reason: String) {
        if let nick = client.nick, nicknames[nick.folded] === client { nicknames[nick.folded] = nil }
        guard clients.removeValue(forKey: ObjectIdentifier(client)) != nil else { return }
        noticeReaders[ObjectIdentifier(client)] = nil
        if let identity = client.identity { accounts.remove(client, identity) }
        rememberForWhowas(client)
        chronicleEverywhere(.quit, by: client, text: reason)
        sendToPeers(of: client, event(by: client, "QUIT", text: reason))
        if let nick = client.nick { announceDeparture(of: nick) }
        client.isRegistered = false
        announce(
            .quit, "\(client.source) (\(client.address)) quits: \(reason)",
            ["nick": client.target, "address": client.address, "reason": reason])
        for channel in Array(client.channels.values) { leave(channel, client) }
    }

    /// Takes `client` out of `channel`, and the channel out of the world when that was the last one.
    func leave(_ channel: Channel, _ client: Client) {
        channel.remove(client)
        client.channels[channel.name.folded] = nil
        if client.staysOn {
            keep(client)
            keep(channel)
        }
        closeIfUnused(channel)
    }

    /// Takes `channel` out of the world when nobody is in it and nothing keeps it.
    func closeIfUnused(_ channel: Channel) {
        guard channel.isEmpty, !channel.isKept else { return }
        keep(channel)
        channel.isGone = true
        channels[channel.name.folded] = nil
        sealHistory(of: channel)
    }

    func rememberForWhowas(_ client: Client) {
        guard let nick = client.nick else { return }
        whowas.add(
            WhowasList.Entry(
                nick: nick, user: client.user, host: client.host, realname: client.realname, account: client.identity?.account,
                address: client.address, leftAt: clock.wallMilliseconds))
    }

    /// Tells everybody goodbye. New connections are refused from now on; those that wait for slow work lose it.
    package func shutdown(reason: String) {
        isShuttingDown = true
        noteDevices()
        for session in Array(sessions.values) {
            sendError(session, reason)
            session.connection.flush()
            session.phase = .closed
            session.connection.close()
            counts.ended.count(.shutdown)
        }
        for channel in channels.values where !channel.isKept { sealHistory(of: channel) }
        // Channels and people stay in memory: what waits to be written of them still is.
        sessions = [:]
        apiBearers = APIBearers()
        watches = Watches()
    }
}
