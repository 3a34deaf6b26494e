import IRCProtocol

/// The modes of a channel that are not ranks of members.
struct ChannelModes {
    private(set) var flags: Set<ChannelMode> = [.noExternal, .topicLock]
    var key: String?
    var limit: Int?
    /// The lists b, e and I.
    private(set) var lists: [ChannelMode: [ListEntry]] = [:]

    func contains(_ flag: ChannelMode) -> Bool { flags.contains(flag) }

    /// Returns whether this changed anything.
    mutating func set(_ flag: ChannelMode, _ on: Bool) -> Bool {
        on ? flags.insert(flag).inserted : flags.remove(flag) != nil
    }

    /// The entries of a list mode, oldest first.
    func entries(_ list: ChannelMode) -> [ListEntry] { lists[list] ?? [] }

    /// How many entries all lists have together.
    var entryCount: Int { lists.values.reduce(0) { $0 + $1.count } }

    /// Returns false when the mask is there already.
    mutating func add(_ entry: ListEntry, to list: ChannelMode) -> Bool {
        guard !entries(list).contains(where: { $0.mask == entry.mask }) else { return false }
        lists[list, default: []].append(entry)
        return true
    }

    /// The entry that was taken out; nil when there was none.
    mutating func remove(_ mask: Mask, from list: ChannelMode) -> ListEntry? {
        guard let position = entries(list).firstIndex(where: { $0.mask == mask }) else { return nil }
        return lists[list]?.remove(at: position)
    }

    /// Letters and parameters for 324. The key is shown as `*` to those who are not inside.
    func text(showingKey: Bool) -> [String] {
        var letters = "+" + String(ChannelMode.all(.flag).filter(flags.contains).map(\.rawValue))
        var parameters: [String] = []
        if let key {
            letters.append("k")
            parameters.append(showingKey ? key : "*")
        }
        if let limit {
            letters.append("l")
            parameters.append(String(limit))
        }
        return [letters] + parameters
    }
}

/// One mask in a list, with who set it when.
struct ListEntry {
    var mask: Mask
    var setBy: String
    /// Seconds since 1970.
    var setAt: Int64
}
