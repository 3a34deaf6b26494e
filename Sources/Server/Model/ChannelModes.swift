import IRCProtocol

/// The modes of a channel that are not ranks of members.
struct ChannelModes {
    /// The highest +l.
    static let memberLimit = 1_000_000
    /// The longest +W, in seconds.
    static let slowLimit = 3600

    private(set) var flags: Set<ChannelMode> = [.noExternal, .topicLock]
    var key: String?
    /// How many members fit in.
    private(set) var limit: Int?
    /// Where those go that may not enter.
    private(set) var forward: ChannelName?
    /// Messages of one member.
    private(set) var flood: Rate?
    /// Joins of all.
    private(set) var joinFlood: Rate?
    /// Seconds between two messages of one member.
    private(set) var slow: Int?
    /// The lists b, e and I.
    private(set) var lists: [ChannelMode: [ListEntry]] = [:]

    func contains(_ flag: ChannelMode) -> Bool { flags.contains(flag) }

    /// Returns whether this changed anything.
    mutating func set(_ flag: ChannelMode, _ on: Bool) -> Bool {
        on ? flags.insert(flag).inserted : flags.remove(flag) != nil
    }

    // MARK: Modes with a parameter when they are set

    /// The parameter of such a mode as it is shown; nil: it is not set.
    func parameter(_ mode: ChannelMode) -> String? {
        switch mode {
        case .key: key
        case .limit: limit.map(String.init)
        case .forward: forward?.text
        case .flood: flood?.text
        case .joinFlood: joinFlood?.text
        case .slow: slow.map(String.init)
        default: nil
        }
    }

    /// Sets such a mode. Returns false, and changes nothing, when the parameter makes no sense.
    ///
    /// - Parameter nameLimit: bytes of a channel name.
    mutating func set(_ mode: ChannelMode, to text: String, nameLimit: Int) -> Bool {
        switch mode {
        case .limit: Self.take(Int(text).flatMap { (1...Self.memberLimit).contains($0) ? $0 : nil }, &limit)
        case .forward: Self.take(ChannelName(text, limit: nameLimit), &forward)
        case .flood: Self.take(Rate(text), &flood)
        case .joinFlood: Self.take(Rate(text), &joinFlood)
        case .slow: Self.take(Int(text).flatMap { (1...Self.slowLimit).contains($0) ? $0 : nil }, &slow)
        default: false
        }
    }

    /// Whether `text` can be a key: JOIN takes several with commas between them.
    ///
    /// - Parameter limit: bytes.
    static func isKey(_ text: String, limit: Int) -> Bool {
        text.isSafeParameter && text.utf8.count <= limit && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: ",") }
    }

    private static func take<Value>(_ value: Value?, _ place: inout Value?) -> Bool {
        guard let value else { return false }
        place = value
        return true
    }

    mutating func clear(_ mode: ChannelMode) {
        switch mode {
        case .key: key = nil
        case .limit: limit = nil
        case .forward: forward = nil
        case .flood: flood = nil
        case .joinFlood: joinFlood = nil
        case .slow: slow = nil
        default: break
        }
    }

    // MARK: Lists

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
    mutating func remove(_ mask: BanMask, from list: ChannelMode) -> ListEntry? {
        guard let position = entries(list).firstIndex(where: { $0.mask == mask }) else { return nil }
        return lists[list]?.remove(at: position)
    }

    // MARK: All of them

    /// Letters and parameters for 324. The key is shown as `*` to those who are not inside.
    func text(showingKey: Bool) -> [String] {
        var letters = "+" + String(ChannelMode.all(.flag).filter(flags.contains).map(\.rawValue))
        var parameters: [String] = []
        for mode in ChannelMode.allCases {
            guard let parameter = parameter(mode) else { continue }
            letters.append(mode.rawValue)
            parameters.append(mode == .key && !showingKey ? "*" : parameter)
        }
        return [letters] + parameters
    }
}

/// One mask in a list, with who set it when.
struct ListEntry {
    var mask: BanMask
    var setBy: String
    /// Seconds since 1970.
    var setAt: Int64
}
