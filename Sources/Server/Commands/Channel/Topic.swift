import IRCProtocol
import MainLoop
import NIOCore
import Store

/// `TOPIC` (modern-irc "TOPIC message").
@LoopActor
func topic(_ context: CommandContext) {
    let (world, client) = (context.world, context.client)
    let name = context.message[0] ?? ""
    guard let text = context.message[1] else { return showTopic(context, name) }
    guard let (channel, member) = context.channelOfMine(name) else { return }
    guard Permissions.changeTopic(of: channel, by: member) else { return context.operatorNeeded(channel) }
    let wanted = text.truncated(toBytes: world.configuration.limits.topic)
    guard wanted != channel.topic?.text ?? "" else { return }
    switch world.filter(ByteBuffer(string: wanted), .topic, by: client, in: channel.name.folded) {
    case .passes: break
    case .vanishes: return
    case .blocked(let reason): return context.reply(.cannotSendToChannel, channel.name.text, text: "The topic is not set: \(reason)")
    }
    channel.topic =
        wanted.isEmpty ? nil : Topic(text: wanted, setBy: client.source, setAt: world.clock.wallMilliseconds / 1000)
    world.reveal(client, in: channel)
    world.send(world.event(.topic, in: channel, by: client, text: wanted), to: channel)
}

@LoopActor
private func showTopic(_ context: CommandContext, _ name: String) {
    guard let channel = context.channelInSight(name) else { return }
    guard let topic = channel.topic else {
        return context.reply(.noTopic, channel.name.text, text: "No topic is set")
    }
    context.world.show(topic, of: channel, to: context.session)
}

extension World {
    /// 332 and 333.
    func show(_ topic: Topic, of channel: Channel, to session: Session) {
        session.send(Line(configuration.name, Numeric.topic.digits, [session.target, channel.name.text], text: topic.text))
        session.send(
            Line(
                configuration.name, Numeric.topicWhoTime.digits, [session.target, channel.name.text, topic.setBy, String(topic.setAt)]))
    }
}
