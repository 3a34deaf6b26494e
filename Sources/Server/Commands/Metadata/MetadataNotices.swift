import IRCProtocol
import MainLoop

/// Who is told of whose metadata (draft/metadata-2, "Notifications").
extension World {
    /// Members of a channel up to which whoever enters is told everything at once.
    static let metadataJoinLimit = 100

    /// Tells of one key of `target` those who have subscribed to it: in the channel; or sharing one with the person, or watching it.
    ///
    /// - Parameter origin: the connection that made the change.
    func announceMetadata(of target: MetadataTarget, _ key: String, except origin: Session) {
        func tell(_ session: Session) {
            guard session !== origin, session.capabilities.takesMetadata, session.subscriptions.contains(key) else { return }
            session.write(metadataLine(of: target, key, to: session))
        }
        switch target {
        case .channel(let channel):
            for member in channel.members { member.client.sessions.forEach(tell) }
        case .person(let client):
            guard client.isRegistered else { return }
            visits += 1
            client.visit = visits
            client.sessions.forEach(tell)
            for channel in client.channels.values {
                guard let me = channel[client] else { continue }
                for member in channel.members
                where member.client.visit != visits && Permissions.see(me, by: member, in: channel) {
                    member.client.visit = visits
                    member.client.sessions.forEach(tell)
                }
            }
            for session in watches.of(client.nick?.folded ?? "") where session.client.visit != visits {
                guard Permissions.follow(client, by: session.client) else { continue }
                tell(session)
            }
        }
    }

    /// Tells `session` what it has subscribed to of `target`.
    func sendMetadata(of target: MetadataTarget, to session: Session) {
        guard session.capabilities.takesMetadata, !session.subscriptions.isEmpty else { return }
        for line in metadataLines(of: target, to: session) { session.send(line) }
    }

    /// Tells whoever has entered a channel of it and its members, and the members of whoever has entered.
    func exchangeMetadata(of client: Client, in channel: Channel) {
        for session in client.sessions where session.capabilities.takesMetadata && !session.subscriptions.isEmpty {
            guard channel.members.count <= Self.metadataJoinLimit else {
                session.send(Line(configuration.name, Numeric.metadataSyncLater.digits, [client.target, channel.name.text]))
                continue
            }
            for subject in metadataSubjects(of: .channel(channel), for: client) { sendMetadata(of: subject, to: session) }
        }
        guard !client.metadata.values.isEmpty, let me = channel[client] else { return }
        for member in channel.members where member.client !== client && Permissions.see(me, by: member, in: channel) {
            for session in member.client.sessions { sendMetadata(of: .person(client), to: session) }
        }
    }

    /// The target, and with a channel all the members that `viewer` sees, itself left out.
    func metadataSubjects(of target: MetadataTarget, for viewer: Client) -> [MetadataTarget] {
        guard case .channel(let channel) = target else { return [target] }
        let others = channel.members.filter { $0.client !== viewer && Permissions.see($0.client, in: channel, by: viewer) }
        return [target] + others.map { .person($0.client) }
    }

    /// What `session` has subscribed to of `target`, a line a key.
    func metadataLines(of target: MetadataTarget, to session: Session) -> [Line] {
        guard !target.metadata.values.isEmpty else { return [] }
        return target.metadata.keys.filter(session.subscriptions.contains).map { metadataLine(of: target, $0, to: session) }
    }

    /// The own metadata in the greeting, before the end of the message of the day.
    func sendOwnMetadata(to session: Session) {
        guard session.capabilities.takesMetadata else { return }
        let target = MetadataTarget.person(session.client)
        session.send(
            target.metadata.keys.map { metadataLine(of: target, $0, to: session) }, asBatch: "metadata", [target.name])
    }

    /// One key: a `METADATA` line in version 2, a numeric in version 3.
    private func metadataLine(of target: MetadataTarget, _ key: String, to session: Session) -> Line {
        let value = target.metadata[key]
        guard session.capabilities.contains(.metadata3) else {
            return Line(configuration.name, "METADATA", [target.name, key, "*"], text: value)
        }
        let head = [session.target, target.name, key]
        guard let value else { return Line(configuration.name, Numeric.keyNotSet.digits, head, text: "key not set") }
        return Line(configuration.name, Numeric.keyValue.digits, head + ["*"], text: value)
    }
}
