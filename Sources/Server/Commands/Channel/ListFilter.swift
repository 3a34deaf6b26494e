import IRCProtocol

/// What LIST looks at: a channel as one person sees it. Times in seconds since 1970.
struct ListedChannel {
    var name: String
    /// The members that the person may see.
    var users: Int
    var createdAt: Int64
    /// Nil when there is no topic.
    var topicSetAt: Int64?
}

/// The conditions of one LIST: of the names and masks one must fit, of everything else all must hold.
struct ListFilter {
    private var names: [Mask] = []
    private var conditions: [ListCondition] = []

    /// - Parameter text: comma-separated, as the person typed it; empty: everything fits.
    init(_ text: String) {
        for item in text.split(separator: ",") {
            if let condition = ListCondition(item) { conditions.append(condition) } else { names.append(Mask(glob: item)) }
        }
    }

    /// - Parameter now: seconds since 1970.
    func includes(_ channel: ListedChannel, now: Int64) -> Bool {
        (names.isEmpty || names.contains { $0.matches(channel.name) }) && conditions.allSatisfy { $0.includes(channel, now: now) }
    }
}

/// One condition of LIST that is no name (modern-irc "ELIST Parameter"). Ages are in minutes.
enum ListCondition {
    case notName(Mask)
    case moreUsers(Int64)
    case fewerUsers(Int64)
    case createdBefore(Int64)
    case createdAfter(Int64)
    case topicBefore(Int64)
    case topicAfter(Int64)

    /// Nil when `text` is a name or mask.
    init?(_ text: some StringProtocol) {
        let forms: [(String, (Int64) -> ListCondition)] = [
            (">", Self.moreUsers), ("<", Self.fewerUsers), ("c>", Self.createdBefore), ("c<", Self.createdAfter),
            ("t>", Self.topicBefore), ("t<", Self.topicAfter),
        ]
        if text.hasPrefix("!") {
            self = .notName(Mask(glob: text.dropFirst()))
            return
        }
        for (prefix, form) in forms where CaseMapping.fold(text).hasPrefix(prefix) {
            guard let number = Int64(text.dropFirst(prefix.count)) else { return nil }
            self = form(number)
            return
        }
        return nil
    }

    func includes(_ channel: ListedChannel, now: Int64) -> Bool {
        switch self {
        case .notName(let mask): !mask.matches(channel.name)
        case .moreUsers(let count): channel.users > count
        case .fewerUsers(let count): channel.users < count
        case .createdBefore(let minutes): Self.age(channel.createdAt, now) > Self.seconds(minutes)
        case .createdAfter(let minutes): Self.age(channel.createdAt, now) < Self.seconds(minutes)
        case .topicBefore(let minutes): channel.topicSetAt.map { Self.age($0, now) > Self.seconds(minutes) } ?? false
        case .topicAfter(let minutes): channel.topicSetAt.map { Self.age($0, now) < Self.seconds(minutes) } ?? false
        }
    }

    private static func age(_ time: Int64, _ now: Int64) -> Int64 { max(0, now - time) }

    /// Any number may be asked for; those beyond all ages are all the same.
    private static func seconds(_ minutes: Int64) -> Int64 { min(max(minutes, -1), .max / 60) * 60 }
}
