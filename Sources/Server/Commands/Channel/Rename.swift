import IRCProtocol
import MainLoop
import Store

/// How long a channel keeps a new name at least: to those who do not know RENAME every one is a PART and a JOIN.
private let renamePause: Duration = .seconds(60)

/// `RENAME` (draft/channel-rename).
@LoopActor
func renameChannel(_ context: CommandContext) {
    let world = context.world
    let new = context.message[1] ?? ""
    guard let (channel, member) = context.channelOfMine(context.message[0] ?? "") else { return }
    guard Permissions.rename(channel, by: member) else { return context.operatorNeeded(channel) }
    func refuse(_ code: FailCode, _ text: String) { context.fail(code, channel.name.text, new.asParameter, text: text) }
    guard let name = ChannelName(new, limit: world.configuration.limits.channel) else {
        return refuse(.cannotRename, "A channel cannot have this name")
    }
    guard name.text != channel.name.text else { return refuse(.cannotRename, "The channel has this name already") }
    guard world.purges[name.folded] == nil, world.channels[name.folded] == nil || name == channel.name,
        !world.namesOnHold.contains(name.folded), !world.namesOnHold.contains(channel.name.folded)
    else {
        return refuse(.channelNameInUse, "The channel name is already taken")
    }
    let now = world.clock.uptime
    if let last = channel.renamedAt, now - last < renamePause {
        return refuse(.cannotRename, "This channel has been renamed recently, wait a minute")
    }
    channel.renamedAt = now
    let reason = (context.message[2] ?? "").truncated(toBytes: world.configuration.limits.kick)
    guard name != channel.name else { return world.rename(channel, to: name, by: context.client, reason: reason) }
    // The history goes along: under the old name, whoever takes that next could read it. Until it is moved nobody gets either name,
    // and once it is, the channel is renamed whatever happens to whoever asked.
    let (old, client) = (channel.name, context.client)
    let (from, to) = (Conversation.channel(old.folded), Conversation.channel(name.folded))
    world.namesOnHold.hold([old.folded, name.folded])
    context.wait {
        await world.moveHistory(from: from, to: to)
    } effect: { isMoved in
        let (isThere, isOpen) = (world.channels[old.folded] === channel, Permissions.readPublicly(channel))
        if isMoved, isThere { world.rename(channel, to: name, by: client, reason: reason) }
        world.job {
            guard isMoved else { return false }
            if isThere { try? await world.services.readMarkers.rename(old.folded, to: name.folded) }
            // What was said while that took its time.
            if isThere { return await world.moveHistory(from: from, to: to) }
            // Everybody has left meanwhile: it ends as it would have under the old name.
            return await world.moveHistory(from: to, to: isOpen ? from : channel.sealedConversation)
        } then: { _ in
            world.namesOnHold.release([old.folded, name.folded])
        }
    } then: { isMoved in
        if !isMoved { refuse(.cannotRename, "The history could not be moved, try again in a moment") }
    }
}

extension World {
    /// Gives `channel` another name and tells everybody in it, with PART and JOIN those who do not know RENAME.
    func rename(_ channel: Channel, to name: ChannelName, by client: Client, reason: String) {
        let old = channel.name
        keep(channel)
        channels[old.folded] = nil
        channels[name.folded] = channel
        channel.name = name
        keep(channel)
        for member in channel.members {
            member.client.channels[old.folded] = nil
            member.client.channels[name.folded] = channel
            keep(member.client)
        }
        for person in clients.values where old != name { person.readMarkers.rename(old.folded, to: name.folded) }
        send(event(by: client, "RENAME", [old.text, name.text], text: reason), to: channel, for: { $0.contains(.channelRename) })
        // Another spelling is the same name to those who have no word for it.
        guard old != name else { return }
        for member in channel.members {
            for session in member.client.sessions where !session.capabilities.contains(.channelRename) {
                session.send(event(by: member.client, "PART", [old.text], text: reason.isEmpty ? nil : reason))
                session.send(joinLine(of: member.client, to: channel, extended: session.capabilities.contains(.extendedJoin)))
                describe(channel, to: session)
            }
        }
    }
}
