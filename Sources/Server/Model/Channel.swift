import IRCProtocol
import MainLoop

/// One channel and who is in it. Exists while somebody is.
@LoopActor
final class Channel {
    let name: ChannelName
    let createdAt: Int64
    var modes = ChannelModes()
    var topic: Topic?
    private(set) var members: [Member] = []
    private var index: [ObjectIdentifier: Int] = [:]

    init(name: ChannelName, createdAt: Int64) {
        self.name = name
        self.createdAt = createdAt
    }

    var isEmpty: Bool { members.isEmpty }

    subscript(client: Client) -> Member? {
        index[ObjectIdentifier(client)].map { members[$0] }
    }

    func add(_ client: Client, ranks: MemberRanks) {
        guard index[ObjectIdentifier(client)] == nil else { return }
        index[ObjectIdentifier(client)] = members.count
        members.append(Member(client: client, ranks: ranks))
    }

    /// Takes a member out in constant time; the last one takes its place.
    func remove(_ client: Client) {
        guard let position = index.removeValue(forKey: ObjectIdentifier(client)) else { return }
        let last = members.removeLast()
        if position < members.count {
            members[position] = last
            index[ObjectIdentifier(last.client)] = position
        }
    }

    /// Returns whether this changed anything. The caller has checked that the client is a member.
    func setRank(_ rank: MemberRank, _ on: Bool, of client: Client) -> Bool {
        guard let position = index[ObjectIdentifier(client)], members[position].ranks.contains(rank) != on else { return false }
        if on { members[position].ranks.insert(rank) } else { members[position].ranks.remove(rank) }
        return true
    }
}

/// A client in a channel.
struct Member {
    let client: Client
    var ranks: MemberRanks
}

/// The topic, and who set it when.
struct Topic {
    var text: String
    /// The nick!user@host of who set it.
    var setBy: String
    /// Seconds since 1970.
    var setAt: Int64
}
