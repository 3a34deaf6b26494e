import IRCProtocol
import Store

/// The reactions to one message, as they stand after all that people added and took back.
struct Reactions {
    /// Different ones that are shown of one message, and people of each.
    static let limit = 32
    /// Bytes of the tag; what would make it longer is left out. All tags of a server together have 4094 (message-tags).
    static let tagLimit = 2048
    /// Bytes of one reaction.
    static let lengthLimit = 64

    private var order: [String] = []
    /// Nicknames by who they are, in the order in which they reacted.
    private var people: [String: [(key: String, nick: String)]] = [:]

    /// - Parameter rows: the rows about the message, oldest first; those that are no reactions do not count.
    init(_ rows: some Sequence<StoredMessage>) {
        for row in rows where row.kind == .tagmsg {
            let tags = ChangeTags(row.tags)
            let nick = String(row.source.prefix { $0 != "!" })
            let key = row.account ?? nick
            if let emoji = tags.reaction, Self.isShown(emoji) {
                add(emoji, key, nick)
            } else if let emoji = tags.unreaction {
                remove(emoji, key)
            }
        }
    }

    /// Whether a reaction stands in the tag: not what the tag itself is written with, or somebody could make up those of others.
    private static func isShown(_ emoji: String) -> Bool {
        (1...lengthLimit).contains(emoji.utf8.count)
            && !emoji.unicodeScalars.contains { ":,; ".unicodeScalars.contains($0) || $0.value < 0x20 }
    }

    private mutating func add(_ emoji: String, _ key: String, _ nick: String) {
        guard people[emoji]?.contains(where: { $0.key == key }) != true else { return }
        if people[emoji] == nil { order.append(emoji) }
        people[emoji, default: []].append((key, nick))
    }

    private mutating func remove(_ emoji: String, _ key: String) {
        people[emoji]?.removeAll { $0.key == key }
        guard people[emoji]?.isEmpty == true else { return }
        people[emoji] = nil
        order.removeAll { $0 == emoji }
    }

    /// The client-only tag that tells freeq clients of them; nil when there are none.
    var tag: String? {
        var text = ""
        for emoji in order.prefix(Self.limit) {
            let nicks = (people[emoji] ?? []).prefix(Self.limit).map(\.nick).joined(separator: ",")
            let group = TagSection.escape("\(text.isEmpty ? "" : ";")\(emoji):\(nicks)")
            if text.utf8.count + group.utf8.count <= Self.tagLimit { text += group }
        }
        return text.isEmpty ? nil : ServerTag.reactions.rawValue + "=" + text
    }
}
