import IRCProtocol
import MainLoop

/// The people whose private messages somebody takes although its modes say otherwise (`ACCEPT`). Not by nickname alone: an
/// account is known by its name, a guest is only this connection.
@LoopActor
struct AcceptList {
    /// Somebody who was accepted.
    struct Entry: Codable, Equatable {
        /// ``Client/correspondent``.
        var key: String
        /// The nickname at that time.
        var nick: String
    }

    private var entries: [Entry]

    nonisolated init(_ entries: [Entry] = []) {
        self.entries = entries
    }

    var count: Int { entries.count }
    /// By the nicknames under which they were accepted.
    var nicknames: [String] { entries.map(\.nick) }
    /// Those of them who can come back: a guest that is gone is nobody any more.
    var lasting: [Entry] { entries.filter { !$0.key.hasPrefix(Client.guestPrefix) } }

    func contains(_ client: Client) -> Bool {
        guard !entries.isEmpty else { return false }
        let key = client.correspondent
        return entries.contains { $0.key == key }
    }

    mutating func add(_ client: Client) {
        if !contains(client) { entries.append(Entry(key: client.correspondent, nick: client.target)) }
    }

    /// Takes somebody out: whoever has this nickname now, or had it then. Returns whether there was one.
    mutating func remove(_ nick: String, _ client: Client?) -> Bool {
        let (folded, before) = (CaseMapping.fold(nick), entries.count)
        entries.removeAll { $0.key == client?.correspondent || CaseMapping.fold($0.nick) == folded }
        return entries.count < before
    }
}
