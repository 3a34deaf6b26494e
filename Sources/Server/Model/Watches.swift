import IRCProtocol
import MainLoop

/// Who watches which nickname (IRCv3 monitor). Found from both sides: the watchers of a nickname here, the nicknames of a
/// watcher in ``Session/watched``. Bounded by `Limits.monitor` for each connection.
@LoopActor
struct Watches {
    private var watchers: [String: [Session]] = [:]

    nonisolated init() {}

    /// Those who watch the nickname, in the order in which they began to.
    func of(_ folded: String) -> [Session] { watchers[folded] ?? [] }

    /// Makes `session` watch `nick`; false when it does already.
    mutating func add(_ nick: Nickname, for session: Session) -> Bool {
        guard session.watched.add(nick) else { return false }
        watchers[nick.folded, default: []].append(session)
        return true
    }

    mutating func remove(_ folded: String, for session: Session) {
        guard session.watched.remove(folded) else { return }
        drop(folded, session)
    }

    /// Ends everything that `session` watches.
    mutating func removeAll(of session: Session) {
        for nick in session.watched.nicks { drop(nick.folded, session) }
        session.watched = WatchedNicks()
    }

    private mutating func drop(_ folded: String, _ session: Session) {
        guard var remaining = watchers[folded] else { return }
        remaining.removeAll { $0 === session }
        watchers[folded] = remaining.isEmpty ? nil : remaining
    }
}

/// The nicknames that one connection watches, in the order in which it named them.
struct WatchedNicks {
    private(set) var nicks: [Nickname] = []
    private var folded: Set<String> = []

    var count: Int { nicks.count }

    func contains(_ nick: String) -> Bool { folded.contains(nick) }

    /// False when it is there already.
    mutating func add(_ nick: Nickname) -> Bool {
        guard folded.insert(nick.folded).inserted else { return false }
        nicks.append(nick)
        return true
    }

    /// False when it was not there.
    mutating func remove(_ nick: String) -> Bool {
        guard folded.remove(nick) != nil else { return false }
        nicks.removeAll { $0.folded == nick }
        return true
    }
}
