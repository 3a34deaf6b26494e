import Accounts
import IRCProtocol
import MainLoop
import Store

/// `STATS` (modern-irc "STATS message"): `d` bans on addresses, `k` other bans, `l` connections, `m` commands,
/// `o` operators, `y` classes of connections, `u` how long the server is up.
@LoopActor
func stats(_ context: CommandContext) {
    let (world, client) = (context.world, context.client)
    guard context.isAboutThisServer(1) else { return }
    let query = context.message[0].flatMap(\.first).map { Character($0.lowercased()) }
    let letter = query.map { String($0).lowercased().asParameter } ?? "*"
    defer { context.reply(.endOfStats, letter, text: "End of /STATS report") }
    if query == "u" { return context.reply(.statsUptime, text: world.uptimeText) }
    guard query == nil || Permissions.seeStatistics(by: client) else {
        return context.privilegeNeeded(.stats)
    }
    switch query {
    case "d", "k":
        world.expireBans()
        for ban in world.serverBans.all.filter({ $0.action != .exempt && $0.isOnAddress == (query == "d") }).prefix(shownConnections) {
            let letter = ban.record.expiresAt == nil ? letter.uppercased() : letter
            let own = ban.record.operatorReason.isEmpty ? "" : "|\(ban.record.operatorReason)"
            let (mask, reason) = (ban.record.mask.asParameter, ban.record.reason + own)
            if query == "d" {
                context.reply(.statsDLine, letter, mask, text: reason)
            } else {
                context.reply(.statsKLine, letter, mask, "*", "*", text: reason)
            }
        }
    case "l":
        for other in world.sessions.values.sorted(by: { $0.connectedAt < $1.connectedAt }).prefix(shownConnections) {
            let open = (world.clock.uptime - other.connectedAt).components.seconds
            context.reply(
                .statsLinkInfo, "\(other.target)[\(world.shownAddress(of: other, to: client))]", String(other.connection.unsentBytes),
                String(other.received.lines), String(other.received.bytes), String(open))
        }
    case "m":
        for (command, uses) in zip(world.commands.all, world.counts.commandUses) where uses > 0 {
            context.reply(.statsCommands, command.verb.text, String(uses))
        }
    case "y":
        for rules in world.classRules + [world.commonRules] {
            let maximum = rules.connectionClass?.maximum.map(String.init) ?? "*"
            context.reply(
                .statsClass, "Y", rules.name, String(rules.limits.pingInterval.components.seconds), "\(rules.count)/\(maximum)",
                String(rules.limits.sendQueue))
        }
    case "o":
        for other in world.clients.values.filter(\.isOperator).sorted(by: { $0.target < $1.target }) {
            let name = Permissions.operatorIdentity(of: other)?.account ?? other.target
            context.reply(
                .statsOperatorLine, "O", "\(other.user)@\(other.host)", "*", name, Permissions.operatorClass(of: other)?.name ?? "*")
        }
    default: break
    }
}

/// How many connections or bans one answer shows; more would fill a send queue.
private let shownConnections = 1000

extension World {
    fileprivate var uptimeText: String {
        let seconds = (clock.wallMilliseconds - startedAt) / 1000
        let (days, rest) = (seconds / 86400, seconds % 86400)
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "Server Up \(days) days \(rest / 3600):\(two(rest / 60 % 60)):\(two(rest % 60))"
    }
}
