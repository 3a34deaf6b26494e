import IRCProtocol
import MainLoop
import NIOCore

/// `LIST` (modern-irc "LIST message"; `ELIST=CMNTU`).
///
/// An answer takes no more than half of what is left of the send queue, so that asking never cuts a client off (`SAFELIST`);
/// 416 says when there is more.
@LoopActor
func list(_ context: CommandContext) {
    let (world, client) = (context.world, context.client)
    let filter = ListFilter(context.message[0] ?? "")
    let now = world.clock.wallMilliseconds / 1000
    var room = (context.session.rules.limits.sendQueue - context.session.connection.unsentBytes) / 2
    context.reply(.listStart, "Channel", text: "Users  Name")
    for channel in world.channels.values.sorted(by: { $0.name.folded < $1.name.folded }) {
        guard Permissions.list(channel, by: client) else { continue }
        let users = channel.members.count { Permissions.see($0.client, in: channel, by: client) }
        let listed = ListedChannel(
            name: channel.name.text, users: users, createdAt: channel.createdAt, topicSetAt: channel.topic?.setAt)
        guard filter.includes(listed, now: now) else { continue }
        let line = Line(
            world.configuration.name, Numeric.list.digits, [client.target, listed.name, String(users)], text: channel.topic?.text ?? "")
        room -= line.body.readableBytes
        guard room >= 0 else {
            context.reply(.tooManyMatches, "LIST", text: "There are more channels; ask for fewer with a mask or a condition")
            break
        }
        context.session.send(line)
    }
    context.reply(.listEnd, text: "End of /LIST")
}
