import Accounts
import IRCProtocol
import MainLoop

/// How many people one answer shows. All of a full server would be more than a send queue may hold.
private let shownPeople = 1000

/// `WHO` (modern-irc "WHO message"; WHOX).
@LoopActor
func who(_ context: CommandContext) {
    let (world, client) = (context.world, context.client)
    let target = context.message[0] ?? "*"
    let options = context.message[1] ?? ""
    let fields = WhoxFields(options)
    let operatorsOnly = options.prefix { $0 != "%" }.contains("o")

    var shown = 0

    func show(_ other: Client, _ member: (channel: Channel, ranks: MemberRanks)?) {
        guard !operatorsOnly || Permissions.seeOperator(other, by: client), shown < shownPeople else { return }
        shown += 1
        let entry = WhoEntry(context: context, other: other, channel: member?.channel, ranks: member?.ranks ?? MemberRanks())
        if let fields { entry.send(fields) } else { entry.send() }
    }

    if let channel = world.channels[CaseMapping.fold(target)] {
        for member in channel.members where Permissions.see(member.client, in: channel, by: client) {
            show(member.client, (channel, member.ranks))
        }
    } else if let other = world.person(named: target) {
        show(other, nil)
    } else if !ChannelName.looksLikeChannel(target) {
        let mask = Mask(glob: target == "0" ? "*" : target)
        let found = world.clients.values.filter { other in
            Permissions.find(other, by: client)
                && [other.target, other.user, other.host, other.realname, world.configuration.name, other.source].contains(
                    where: mask.matches)
        }
        for other in found.sorted(by: { $0.target < $1.target }) { show(other, nil) }
    }
    context.reply(.endOfWho, target.asParameter, text: "End of WHO list")
}

/// Which fields a WHOX asks for: `%fields,token`.
struct WhoxFields: Equatable {
    let letters: Set<Character>
    let token: String?

    init?(_ options: String) {
        guard let percent = options.firstIndex(of: "%") else { return nil }
        let parts = options[options.index(after: percent)...].split(separator: ",", maxSplits: 1)
        letters = Set(parts.first ?? "")
        token = parts.count > 1 && parts[1].utf8.count <= 3 && parts[1].allSatisfy(\.isNumber) ? String(parts[1]) : nil
    }
}

/// One person in an answer to WHO.
@LoopActor
private struct WhoEntry {
    let context: CommandContext
    let other: Client
    let channel: Channel?
    let ranks: MemberRanks

    /// `H` here or `G` gone, `*` for an operator, then the ranks.
    private var flags: String {
        (other.away == nil ? "H" : "G") + (Permissions.seeOperator(other, by: context.client) ? "*" : "")
            + (other.modes.contains(.bot) ? String(UserMode.bot.rawValue) : "")
            + ranks.prefixes(all: context.session.capabilities.contains(.multiPrefix))
    }

    func send() {
        context.reply(
            .whoReply, channel?.name.text ?? "*", other.user, other.host, context.world.configuration.name, other.target, flags,
            text: "0 \(other.realname)")
    }

    func send(_ fields: WhoxFields) {
        let idle = (context.world.clock.uptime - other.activeAt).components.seconds
        let sees = Permissions.seeAddress(of: other, by: context.client)
        let values: [(Character, String)] = [
            ("t", fields.token ?? "0"), ("c", channel?.name.text ?? "*"), ("u", other.user),
            ("i", sees ? other.address : "255.255.255.255"), ("h", other.host), ("s", context.world.configuration.name),
            ("n", other.target), ("f", flags), ("d", "0"), ("l", String(idle)), ("a", other.identity?.account ?? "0"), ("o", "n/a"),
        ]
        context.reply(
            .whoSpecialReply, values.filter { fields.letters.contains($0.0) }.map(\.1),
            text: fields.letters.contains("r") ? other.realname : nil)
    }
}
