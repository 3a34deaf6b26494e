import IRCProtocol
import MainLoop

/// `LIST` (modern-irc "LIST message"; `ELIST=CMNTU`).
@LoopActor
func list(_ context: CommandContext) {
    let (world, client) = (context.world, context.client)
    let now = world.clock.wallMilliseconds / 1000
    let conditions = (context.message[0] ?? "").split(separator: ",").map { ListCondition(String($0)) }
    context.reply(.listStart, "Channel", text: "Users  Name")
    for channel in world.channels.values.sorted(by: { $0.name.folded < $1.name.folded }) {
        guard Permissions.see(channel, by: client) else { continue }
        let names = conditions.filter(\.isName)
        guard names.isEmpty || names.contains(where: { $0.includes(channel, now: now) }) else { continue }
        guard conditions.allSatisfy({ $0.isName || $0.includes(channel, now: now) }) else { continue }
        let visible = channel.members.count { Permissions.see($0.client, in: channel, by: client) }
        context.reply(.list, channel.name.text, String(visible), text: channel.topic?.text ?? "")
    }
    context.reply(.listEnd, text: "End of /LIST")
}

/// One condition of LIST: a name or mask (of which one must fit), or a number or age (all of which must hold).
enum ListCondition {
    case name(Mask)
    case notName(Mask)
    case moreUsers(Int)
    case fewerUsers(Int)
    /// Minutes ago.
    case createdBefore(Int64)
    case createdAfter(Int64)
    case topicBefore(Int64)
    case topicAfter(Int64)

    init(_ text: String) {
        func number<Value: FixedWidthInteger>(_ prefix: String) -> Value? {
            text.uppercased().hasPrefix(prefix) ? Value(text.dropFirst(prefix.count)) : nil
        }
        if let count: Int = number(">") {
            self = .moreUsers(count)
        } else if let count: Int = number("<") {
            self = .fewerUsers(count)
        } else if let minutes: Int64 = number("C>") {
            self = .createdBefore(minutes)
        } else if let minutes: Int64 = number("C<") {
            self = .createdAfter(minutes)
        } else if let minutes: Int64 = number("T>") {
            self = .topicBefore(minutes)
        } else if let minutes: Int64 = number("T<") {
            self = .topicAfter(minutes)
        } else if text.hasPrefix("!") {
            self = .notName(Mask(glob: text.dropFirst()))
        } else {
            self = .name(Mask(glob: text))
        }
    }

    var isName: Bool {
        if case .name = self { true } else { false }
    }

    /// - Parameter now: seconds since 1970.
    @LoopActor func includes(_ channel: Channel, now: Int64) -> Bool {
        switch self {
        case .name(let mask): mask.matches(channel.name.text)
        case .notName(let mask): !mask.matches(channel.name.text)
        case .moreUsers(let count): channel.members.count > count
        case .fewerUsers(let count): channel.members.count < count
        case .createdBefore(let minutes): (now - channel.createdAt) > minutes &* 60
        case .createdAfter(let minutes): (now - channel.createdAt) < minutes &* 60
        case .topicBefore(let minutes): channel.topic.map { now - $0.setAt > minutes &* 60 } ?? false
        case .topicAfter(let minutes): channel.topic.map { now - $0.setAt < minutes &* 60 } ?? false
        }
    }
}
