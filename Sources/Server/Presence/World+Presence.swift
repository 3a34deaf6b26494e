import Accounts
import Foundation
import IRCProtocol
import Logging
import MainLoop
import Store

/// People who stay while they have no connection: in their channels, under their nickname, also over a restart of the server.
extension World {
    /// Makes `client` stay from now on, or no longer, as its account and the configuration say.
    func updateStay(of client: Client) {
        guard client.isRegistered, let account = client.identity?.account else { return }
        guard Permissions.stay(client) else { return stopStaying(client) }
        let key = CaseMapping.fold(account)
        guard residents[key] == nil else { return }
        residents[key] = client
        keep(client)
        client.channels.values.forEach(keep)
    }

    /// From now on `client` lives as long as its connections.
    func stopStaying(_ client: Client) {
        guard client.staysOn, let account = client.identity?.account else { return }
        residents[CaseMapping.fold(account)] = nil
        presenceWriter.mark(CaseMapping.fold(account))
        client.channels.values.forEach(keep)
    }

    /// Writes `client` to disk at the end of the turn, if it is one who stays.
    func keep(_ client: Client) {
        guard client.staysOn, let account = client.identity?.account else { return }
        presenceWriter.mark(CaseMapping.fold(account))
    }

    /// The last connection of somebody who stays has ended.
    func settle(_ client: Client, reason: String) {
        client.leftAt = clock.wallMilliseconds
        keep(client)
        guard client.away == nil, client.identity?.settings.goesAway ?? configuration.presence.goesAway else { return }
        client.isAutoAway = true
        setAway(client, "Not connected")
    }

    /// A connection of somebody who stayed without one is back.
    ///
    /// - Parameter isHere: whether somebody sits in front of it (draft/pre-away: `AWAY *` says no).
    func welcomeBack(_ client: Client, isHere: Bool) {
        guard client.staysOn else { return }
        client.leftAt = nil
        if client.isAutoAway, isHere { setAway(client, nil) }
        keep(client)
    }

    /// Changes why `client` is away, and tells those who see it.
    func setAway(_ client: Client, _ text: String?) {
        guard client.away != text else { return }
        client.away = text
        if text == nil { client.isAutoAway = false }
        keep(client)
        guard client.isRegistered else { return }
        sendToFollowers(of: client, event(by: client, "AWAY", text: text), with: .awayNotify)
    }

    /// Notes that the devices of those who stay are here now, so that they are not shown again what they have seen.
    func noteDevices() {
        for client in residents.values where !client.sessions.isEmpty {
            for session in client.sessions { client.devices.left(session.device ?? "", at: clock.wallMilliseconds) }
            keep(client)
        }
    }

    /// What is on disk of the person with this account.
    func presenceDocument(_ key: String) -> Data? {
        residents[key]?.presenceRecord.flatMap { try? JSONEncoder().encode($0) }
    }

    /// Puts somebody where it was when the server stopped, unless it no longer stays.
    func bringBack(_ record: PresenceRecord, _ identity: Identity) {
        let key = CaseMapping.fold(record.account)
        guard let client = Client(record, identity, world: self), Permissions.stay(client), nicknames[client.nick?.folded ?? ""] == nil
        else { return presenceWriter.mark(key) }
        residents[key] = client
        rename(client, to: client.nick)
        introduce(client)
        for (name, letters) in record.channels {
            guard let name = ChannelName(name, limit: .max) else { continue }
            let channel = channel(name)
            channel.add(client, ranks: MemberRanks(letters: letters))
            client.channels[name.folded] = channel
        }
        let (metadata, markers) = (services.metadata, services.readMarkers)
        job {
            let values = (try? await metadata.values(ofAccount: identity.account)) ?? [:]
            return (values, (try? await markers.all(ofAccount: identity.account)) ?? [:])
        } then: { values, markers in
            guard client.identity?.account == identity.account else { return }
            client.metadata.adopt(values)
            client.readMarkers.adopt(markers)
        }
    }

    /// Lets go of those who have not been here for too long.
    func expireResidents() {
        guard let span = configuration.presence.expiry else { return }
        let limit = clock.wallMilliseconds - Int64(span.components.seconds) * 1000
        for client in Array(residents.values) where client.sessions.isEmpty && client.leftAt.map({ $0 < limit }) == true {
            logger.info("presence.expired", metadata: ["account": "\(client.identity?.account ?? "-")"])
            end(client, reason: "Not here for too long")
        }
    }
}
