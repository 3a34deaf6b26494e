import IRCProtocol
import MainLoop

/// Holds one person against the lists of channels (b, e, I), extended bans included.
@LoopActor
struct BanCheck {
    private let client: Client
    private let subject: BanSubject

    init(_ client: Client) {
        self.client = client
        subject = BanSubject(client)
    }

    /// Whether a ban keeps the person out and no exception lets it in.
    func isBanned(from channel: Channel) -> Bool {
        matches(channel.modes.entries(.ban)) { !$0.isMute } && !matches(channel.modes.entries(.banException)) { !$0.isMute }
    }

    /// Whether a ban of either kind keeps the person from speaking.
    func isMuted(in channel: Channel) -> Bool {
        matches(channel.modes.entries(.ban)) { _ in true } && !matches(channel.modes.entries(.banException)) { _ in true }
    }

    /// Whether the person may enter although the channel is +i.
    func isInvited(to channel: Channel) -> Bool {
        matches(channel.modes.entries(.inviteException)) { !$0.isMute }
    }

    private func matches(_ entries: [ListEntry], where counts: (BanMask) -> Bool) -> Bool {
        entries.contains { counts($0.mask) && matches($0.mask) }
    }

    /// Whether `mask` catches the person.
    func matches(_ mask: BanMask) -> Bool {
        // Whoever sets a mask must not find out by it who is in a channel that is hidden.
        let texts =
            mask.subject == .channel
            ? client.channels.values.filter(Permissions.readPublicly).map(\.name.text) : subject.texts(mask.subject)
        return texts.contains(where: mask.pattern.matches)
    }
}
