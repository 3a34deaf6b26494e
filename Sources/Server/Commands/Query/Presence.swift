import IRCProtocol
import MainLoop

/// `AWAY` (modern-irc "AWAY message"; IRCv3 away-notify, draft/pre-away).
@LoopActor
func away(_ context: CommandContext) {
    let (world, client) = (context.world, context.client)
    guard context.session.isRegistered || context.session.capabilities.contains(.preAway) else { return context.notRegistered() }
    let text = context.message[0].map { $0.truncated(toBytes: world.configuration.limits.away) }.flatMap { $0.isEmpty ? nil : $0 }
    // Before the registration there is nobody to tell; `*` says that nobody sits in front of this connection.
    world.setAway(client, text)
    if text == nil {
        context.reply(.unaway, text: "You are no longer marked as being away")
    } else {
        context.reply(.nowAway, text: "You have been marked as being away")
    }
}

/// `ISON` (RFC 2812 section 4.9).
@LoopActor
func isOn(_ context: CommandContext) {
    let names = context.message.parameters.flatMap { $0.split(separator: " ") }
    let present = names.compactMap { name -> String? in
        context.world.person(named: name)?.target
    }
    context.reply(.isOn, inLines: present)
}

extension CommandContext {
    /// One numeric, and more of them only when the words do not fit into it.
    func reply(_ numeric: Numeric, inLines words: [String]) {
        guard !words.isEmpty else { return reply(numeric, text: "") }
        for line in words.joinedIntoLines(ofBytes: 400) { reply(numeric, text: line) }
    }
}
