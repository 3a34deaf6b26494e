import IRCProtocol
import Logging
import MainLoop
import Store

/// What the bans of the server do.
extension World {
    /// Whether a connection from `address` is taken at all: what transports ask before they spend anything on it.
    package func admits(_ address: String) -> Bool {
        Permissions.ban(onAddress: address, in: self) == nil
    }

    /// Puts `ban` in force: whom it catches is disconnected at once. Returns how many people that are.
    func enforce(_ ban: ServerBan) -> Int {
        serverBans.insert(ban)
        guard ban.action != .exempt else { return 0 }
        // As if they came now; all else is looked at when they are registered.
        for session in sessions.values where !session.isRegistered {
            if let ban = Permissions.ban(onAddress: session.peer.address, in: self) { turnAway(session, because: ban) }
        }
        let caught = people(caughtBy: ban.target, ban.action)
        for client in caught { turnAway(client, because: ban) }
        return caught.count
    }

    /// Who would be disconnected by a ban, by nickname.
    func people(caughtBy target: ServerBan.Target, _ action: ServerBan.Action) -> [Client] {
        clients.values.filter { Permissions.wouldBan($0, target, action, in: self) }.sorted { $0.target < $1.target }
    }

    /// Disconnects `client` when what it is now is banned.
    func turnAwayIfBanned(_ client: Client) {
        for session in client.sessions { _ = isUnlisted(session) }
        guard let ban = Permissions.ban(on: client, in: self) else { return }
        turnAway(client, because: ban)
    }

    /// Whether no ban keeps out who is about to be registered; it is told and disconnected otherwise.
    func isWelcome(_ session: Session) -> Bool {
        guard isUnlisted(session) else { return false }
        guard let ban = Permissions.ban(on: session.client, nick: session.wantedNick, in: self) else { return true }
        announce(
            .banKeptOut, "Ban \(ban.record.id) on \(ban.record.mask) keeps out \(session.client.source) (\(session.peer.address))",
            ["ban": "\(ban.record.id)", "mask": ban.record.mask, "address": session.peer.address])
        turnAway(session, because: ban)
        return false
    }

    /// Whether no block list keeps `session` out; it is told and disconnected otherwise.
    private func isUnlisted(_ session: Session) -> Bool {
        guard let list = Permissions.blockList(on: session, in: self) else { return true }
        guard session.doom == nil else { return false }
        session.send(list.explanation(for: session.target, from: configuration.name))
        doom(session, .killed(list.farewell))
        return false
    }

    private func turnAway(_ client: Client, because ban: ServerBan) {
        stopStaying(client)
        guard !client.sessions.isEmpty else { return end(client, reason: ban.farewell) }
        for session in client.sessions { turnAway(session, because: ban) }
    }

    /// Tells the connection why and ends it, at the end of the turn.
    func turnAway(_ session: Session, because ban: ServerBan) {
        guard session.doom == nil else { return }
        for line in ban.explanation(for: session.target, from: configuration.name) { session.send(line) }
        doom(session, .killed(ban.farewell))
    }

    /// Forgets the bans that are over.
    func expireBans() {
        guard serverBans.count > 0 else { return }
        serverBans.expire(at: clock.wallMilliseconds)
    }
}

extension ServerBan {
    /// What others read when it ends somebody's connection.
    var farewell: String { action == .requireLogin ? "Login required: \(record.reason)" : "Banned: \(record.reason)" }

    /// What tells somebody why it is not let in.
    func explanation(for target: String, from server: String) -> [Line] {
        let end = record.expiresAt.map { " (until \(ServerTime.format($0)))" } ?? ""
        guard action != .requireLogin else {
            let text = "You have to log in to connect from where you are: \(record.reason)"
            return [Line(fail: .accountRequired, of: "*", [], text: text, from: server)]
        }
        let text = "You are banned from this server: \(record.reason)\(end)"
        return [Line(server, Numeric.bannedFromServer.digits, [target], text: text)]
    }
}
