import IRCProtocol
import MainLoop

/// `KNOCK`: asks those who run a channel to be let in (Solanum's numerics).
@LoopActor
func knock(_ context: CommandContext) {
    let (world, client) = (context.world, context.client)
    guard let channel = context.channelInSight(context.message[0] ?? "") else { return }
    let name = channel.name.text
    guard channel[client] == nil else {
        return context.reply(.knockOnChannel, name, text: "You are on that channel already")
    }
    guard Permissions.join(channel, by: client, key: nil, at: world.clock.uptime) != nil else {
        return context.reply(.channelIsOpen, name, text: "Channel is open, no need to knock")
    }
    guard Permissions.knock(on: channel, by: client) else {
        return context.reply(.cannotSendToChannel, name, text: "Cannot knock on this channel")
    }
    let now = world.clock.uptime
    if let last = client.knockedAt, now - last < world.configuration.limits.knockInterval {
        return context.reply(.tooManyKnocks, name, text: "Too many knocks, wait a while")
    }
    client.knockedAt = now
    world.tell(channel, .knock, [name, client.source], text: "has asked for an invite", where: Permissions.readRequests)
    context.reply(.knockDelivered, name, text: "Your knock has been delivered")
}

extension World {
    /// A numeric to several members, each with its own nickname in front.
    fileprivate func tell(
        _ channel: Channel, _ numeric: Numeric, _ parameters: [String], text: String, where includes: (Member) -> Bool
    ) {
        for member in channel.members where includes(member) {
            member.client.send(Line(configuration.name, numeric.digits, [member.client.target] + parameters, text: text))
        }
    }
}
