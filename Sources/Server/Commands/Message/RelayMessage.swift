import IRCProtocol
import MainLoop
import NIOCore
import Store

/// What stands between a name and the network it comes from; no nickname has it.
let relaySeparator = "/"

/// `RELAYMSG` (draft/relaymsg): says something in a channel under a name from another network.
@LoopActor
func relayMessage(_ context: CommandContext) {
    let (world, client, message) = (context.world, context.client, context.message)
    guard let (channel, member) = context.channelOfMine(message[0] ?? "") else { return }
    guard Permissions.relay(in: channel, by: member) else {
        return context.fail(.privsNeeded, text: "Only channel operators may relay messages")
    }
    let name = message[1] ?? ""
    guard name.contains(relaySeparator), name.utf8.count <= world.configuration.limits.nick,
        Nickname(name.filter { String($0) != relaySeparator }, limit: world.configuration.limits.nick) != nil
    else {
        return context.fail(.invalidNick, text: "The name must have a \(relaySeparator) in it and nothing that a nickname may not have")
    }
    guard let text = message.bytes(2), text.readableBytes > 0 else { return context.fail(.blankMsg, text: "The message is empty") }
    let clientTags = context.session.capabilities.contains(.messageTags) ? world.clientTags(of: message) : ""
    // Nobody knows whose words those of another network are: they cannot take the place of others.
    guard !ChangeTags(clientTags).changesWords else {
        return context.fail(.invalidParams, text: "A relayed message cannot edit or delete another one")
    }
    var utterance = Utterance(kind: .privmsg, target: channel.name.text, text: text, clientTags: clientTags)
    utterance.isNeverCut = context.session.peer.takesLongLines
    if let refusal = Permissions.speak(utterance, in: channel, by: client, at: world.clock.uptime) {
        return context.refuse(utterance, .cannotSendToChannel, refusal.text)
    }
    guard context.passesFilters(utterance) else { return }
    if channel.modes.contains(.noFormatting) { utterance.change(Formatting.stripped) }
    let time = world.nextMessageTime()
    var tags = LineTags(time: time, id: MessageID.make(time: time, using: &world.randomness), clientOnly: utterance.clientTags)
    tags.relayedBy = client.target
    let source = "\(name)!relay@\(world.configuration.name)"
    let speech = world.speech(utterance, source: source, to: channel.name.text, tags: tags)
    world.send(speech, to: channel) { $0.client !== client && !$0.client.modes.contains(.deaf) }
    context.echo(speech)
    guard world.keepsHistory(of: channel) else { return }
    world.record(
        utterance, speech.head, by: client, in: Conversation.channel(channel.name.folded), recipient: nil, relayedFrom: source)
}
