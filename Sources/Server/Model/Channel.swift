import IRCProtocol
import MainLoop

/// One channel and who is in it. Exists while somebody is, or as long as it is kept (``isKept``).
@LoopActor
final class Channel {
    var name: ChannelName
    let createdAt: Int64
    var modes = ChannelModes()
    var topic: Topic?
    var metadata = Metadata()
    /// Whose it is; nil: nobody's.
    var registration: ChannelRegistration?
    var history = ChannelHistory()
    /// Oldest first. Bounded by ``Pin/limit``.
    var pins: [Pin] = []
    private(set) var members: [Member] = []
    /// When it last got another name.
    var renamedAt: Duration?
    /// It is on disk.
    var isStored = false
    /// It is in the world no more.
    var isGone = false
    /// Joins, counted for +j.
    var joins = RateWindow()
    private var index: [ObjectIdentifier: Int] = [:]

    init(name: ChannelName, createdAt: Int64) {
        self.name = name
        self.createdAt = createdAt
    }

    var isEmpty: Bool { members.isEmpty }

    /// Whether not everybody in it sees everybody.
    var isVeiled: Bool { modes.contains(.auditorium) || unseen > 0 }
    /// Members with ``Member/isUnseen``.
    private(set) var unseen = 0

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
        if members[position].isUnseen { unseen -= 1 }
        let last = members.removeLast()
        if position < members.count {
            members[position] = last
            index[ObjectIdentifier(last.client)] = position
        }
    }

    /// Changes what is kept of a member. The caller has checked that the client is one.
    func update(_ client: Client, _ change: (inout Member) -> Void) {
        guard let position = index[ObjectIdentifier(client)] else { return }
        let was = members[position].isUnseen
        change(&members[position])
        unseen += (members[position].isUnseen ? 1 : 0) - (was ? 1 : 0)
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
    /// In a channel with +D, and not seen by the others before it says something.
    var isUnseen = false
    /// Messages, counted for +f.
    var messages = RateWindow()
    /// When it said something last, for +W.
    var spokeAt: Duration?
}

/// The topic, and who set it when.
struct Topic: Codable {
    var text: String
    /// The nick!user@host of who set it.
    var setBy: String
    /// Seconds since 1970.
    var setAt: Int64
}

/// A message that those who run a channel want everybody to see.
struct Pin: Codable, Equatable {
    /// Pins of one channel.
    static let limit = 50

    var id: String
    /// The nickname of who pinned it.
    var pinnedBy: String
    /// Seconds since 1970.
    var pinnedAt: Int64
}
