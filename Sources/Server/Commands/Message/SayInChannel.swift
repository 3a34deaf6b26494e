import IRCProtocol
import MainLoop
import Store

/// What is said to a channel, or with a prefix before it to a part of its members (`STATUSMSG`).
extension CommandContext {
    func sayInChannel(_ typed: Utterance) {
        let prefix = typed.target.first.flatMap { MemberRank(prefix: $0) }
        let name = typed.target.drop { MemberRank(prefix: $0) != nil }
        guard let channel = world.channels[CaseMapping.fold(name)] else {
            return refuse(typed, .noSuchChannel, "No such channel")
        }
        if let refusal = Permissions.speak(typed, in: channel, by: client, at: world.clock.uptime) {
            // Whoever may not know of the channel must not learn of it by trying.
            guard Permissions.see(channel, by: client) else { return refuse(typed, .noSuchChannel, "No such channel") }
            return refuse(typed, .cannotSendToChannel, refusal.text)
        }
        var utterance = typed
        if channel.modes.contains(.noFormatting) { utterance.change(Formatting.stripped) }
        world.note(utterance, of: client, in: channel)
        let speaker = channel[client]
        world.counts.said(utterance.kind, inChannel: true)
        let speech = speech(utterance, to: (prefix.map { String($0.prefix) } ?? "") + channel.name.text)
        let needsTags = utterance.kind == .tagmsg
        let isForAll = !channel.modes.contains(.opModerated)
        world.send(speech, to: channel, for: { !needsTags || $0.contains(.messageTags) }) { member in
            member.client !== client && (prefix.map { member.ranks.atLeast($0) } ?? true)
                && !member.client.modes.contains(.deaf)
                && (isForAll || Permissions.hear(member, from: speaker, in: channel))
        }
        echo(speech)
        if prefix == nil, isForAll { world.notifyMentioned(in: channel, of: speech, utterance, by: client) }
        // What was meant for a part of the members is not for all who may read the history.
        guard prefix == nil, isForAll || speaker?.ranks.atLeast(.voice) == true, world.keepsHistory(of: channel) else { return }
        world.record(utterance, speech.head, by: client, in: Conversation.channel(channel.name.folded), recipient: nil)
    }
}

extension World {
    /// Counts what `client` says in `channel` (modes f and W), and shows it to the others if they do not see it yet (D).
    fileprivate func note(_ utterance: Utterance, of client: Client, in channel: Channel) {
        reveal(client, in: channel)
        guard channel.modes.flood != nil || channel.modes.slow != nil else { return }
        let now = clock.uptime
        channel.update(client) { member in
            if let rate = channel.modes.flood { member.messages.note(rate, at: now, utterance.lineCount) }
            member.spokeAt = now
        }
    }
}
