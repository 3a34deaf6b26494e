import IRCProtocol
import MainLoop
import Store

/// A conversation that somebody may read.
struct HistoryPlace: Sendable {
    private enum Place {
        case known(String)
        /// With somebody who is not here: only the store knows under which key.
        case absent(me: String, name: String)
    }

    private let place: Place
    /// The name of the channel; nil for a direct conversation.
    let channel: String?

    /// The conversation of a channel.
    @LoopActor
    init(_ channel: Channel) {
        place = .known(Conversation.channel(channel.name.folded))
        self.channel = channel.name.text
    }

    /// The conversation of `client` with a person.
    @LoopActor
    init(of client: Client, with person: Client) {
        place = .known(Conversation.direct(client.correspondent, person.correspondent))
        channel = nil
    }

    /// The conversation of `client` with somebody of this name who is not here.
    @LoopActor
    init(of client: Client, withAbsent name: String) {
        place = .absent(me: client.correspondent, name: name)
        channel = nil
    }

    /// The key under which history has it; nil when only the store knows.
    var key: String? {
        if case .known(let key) = place { return key }
        return nil
    }

    /// The key in `store`.
    func conversation(in store: HistoryStore) async throws -> String {
        switch place {
        case .known(let conversation): conversation
        case .absent(let me, let name): try await store.conversation(of: me, with: name)
        }
    }
}

extension CommandContext {
    /// See ``World/historyPlace(_:for:)``.
    func historyPlace(_ target: String) -> HistoryPlace? { world.historyPlace(target, for: client) }
}

extension World {
    /// The conversation called `target`, if `client` may read it; nil for any other, and for one that does not exist.
    ///
    /// - Parameter client: nil for an administrator, who has no conversations.
    func historyPlace(_ target: String, for client: Client?) -> HistoryPlace? {
        if ChannelName.looksLikeChannel(target) {
            guard let channel = channels[CaseMapping.fold(target)],
                Permissions.readAllHistory(by: client) || client.map({ Permissions.readHistory(of: channel, by: $0) }) == true
            else { return nil }
            return HistoryPlace(channel)
        }
        guard let client, target.isSafeParameter else { return nil }
        if let other = person(named: target) { return HistoryPlace(of: client, with: other) }
        return HistoryPlace(of: client, withAbsent: target)
    }
}

extension Result where Failure == any Error {
    /// The outcome of `body`, thrown errors included.
    init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
