import IRCProtocol
import MainLoop
import Store

/// The past for clients that do not ask for it: when they enter a channel, and when somebody comes back who stayed without a
/// connection.
extension World {
    /// Shows `session` the newest lines of a channel that it has just entered, as far as the operator wants that.
    func replayOnJoin(_ channel: Channel, to session: Session) {
        guard configuration.history.joinReplay > 0, session.readsNoHistory, keepsHistory(of: channel),
            Permissions.readHistory(of: channel, by: session.client)
        else { return }
        replay(
            PastPages(
                places: [(Conversation.channel(channel.name.folded), channel.name.text)], correspondent: nil, from: 0, to: .max,
                limit: configuration.history.joinReplay, total: configuration.history.joinReplay, budget: session.historyBudget),
            to: session)
    }

    /// Shows `session` what its device has missed: in its channels and in direct conversations.
    ///
    /// - Parameter seenAt: when the device was here last, milliseconds since 1970; nil: never, then nothing is shown.
    func catchUp(_ session: Session, since seenAt: Int64?) {
        guard let seenAt, configuration.history.catchUp > 0, session.readsNoHistory else { return }
        let client = session.client
        let channels = client.channels.values.filter { Permissions.readHistory(of: $0, by: client) }
        replay(
            PastPages(
                places: channels.map { (Conversation.channel($0.name.folded), $0.name.text) }, correspondent: client.correspondent,
                from: seenAt, to: .max, limit: configuration.history.catchUp, total: configuration.limits.historyPage,
                budget: session.historyBudget), to: session)
    }

    /// What the client sends meanwhile waits, so that nothing new comes before the past.
    private func replay(_ pages: PastPages, to session: Session) {
        let (store, writer) = (services.history, services.historyWriter)
        session.waits += 1
        job {
            await writer.flush()
            return (try? await pages.read(store)) ?? []
        } then: { [self] found in
            guard session.phase != .closed else { return }
            session.waits -= 1
            for (message, channel) in found where channel.map({ session.client.channels[CaseMapping.fold($0)] != nil }) ?? true {
                session.replay(message, channel: channel)
            }
            if !session.isWaiting { drain(session) }
        }
    }

    /// Tells somebody who enters a channel that what is said there is kept.
    func tellOfHistory(_ channel: Channel, to session: Session) {
        guard configuration.history.joinNotice, keepsHistory(of: channel), !session.capabilities.contains(.chatHistory) else { return }
        let days = [channel.history.days, configuration.history.days == 0 ? nil : configuration.history.days].compactMap(\.self).min()
        let span = days.map { "for \($0) days" } ?? "and can be read by those who come later"
        session.send(
            Line(configuration.name, "NOTICE", [channel.name.text], text: "What is said here is kept \(span)"))
    }
}

extension Session {
    /// Whether its client has no way to ask for history.
    fileprivate var readsNoHistory: Bool { !capabilities.contains(.chatHistory) && !capabilities.contains(.playback) }
}
