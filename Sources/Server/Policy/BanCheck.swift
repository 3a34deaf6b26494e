import ATProto
import Accounts
import IRCProtocol
import MainLoop

/// Holds one person against the lists of channels (b, e, I), extended bans included.
@LoopActor
struct BanCheck {
    private let client: Client
    /// A mask catches the shown host, and also the address behind it, so that a login does not slip a ban.
    private let names: [String]

    init(_ client: Client) {
        self.client = client
        let addresses = Set(client.sessions.map(\.peer.address) + [client.address])
        names = [client.source] + addresses.map { "\(client.target)!\(client.user)@\($0)" }
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
        let identity = client.identity
        let subjects: [String?] =
            switch mask.subject {
            case nil: names
            case .account: [identity?.account]
            case .did: [identity?.did?.text]
            case .handle: [identity?.handle?.text]
            case .realname: [client.realname]
            case .certificate: client.certificateFingerprints
            // Whoever sets a mask must not find out by it who is in a channel that is hidden.
            case .channel: client.channels.values.filter(Permissions.readPublicly).map(\.name.text)
            }
        return subjects.contains { $0.map(mask.pattern.matches) ?? false }
    }
}
