import ATProto
import Accounts
import IRCProtocol
import MainLoop

/// What of a person bans are held against.
struct BanSubject: Sendable, Equatable {
    /// `nick!user@host` with the shown host, and with each address behind it, so that a login does not slip a ban.
    var names: [String]
    /// Canonical text.
    var addresses: [String]
    var account: String?
    var did: String?
    var handle: String?
    /// Nil: nobody knows it yet, and no mask fits it, not even `*`.
    var realname: String?
    /// Fingerprints, lower-case hex.
    var certificates: [String] = []

    /// Somebody of whom no more is known.
    init(address: String) {
        (names, addresses) = ([], [address])
    }

    /// - Parameter nick: the nickname that it is going to have; nil: that of now.
    @LoopActor
    init(_ client: Client, nick: Nickname? = nil) {
        let connected = Set(client.sessions.map(\.peer.address))
        addresses = connected.isEmpty ? [client.address] : Array(connected)
        let nick = (nick ?? client.nick)?.text ?? "*"
        names = (Set(addresses).union([client.host, client.address])).map { "\(nick)!\(client.user)@\($0)" }
        (account, did, handle) = (client.identity?.account, client.identity?.did?.text, client.identity?.handle?.text)
        (realname, certificates) = (client.realname, client.certificateFingerprints)
    }

    /// The texts that a mask over `subject` is tried on; none for channels, which are not part of a person.
    func texts(_ subject: BanMask.Subject?) -> [String] {
        switch subject {
        case nil: names
        case .account: account.map { [$0] } ?? []
        case .did: did.map { [$0] } ?? []
        case .handle: handle.map { [$0] } ?? []
        case .realname: realname.map { [$0] } ?? []
        case .certificate: certificates
        case .channel: []
        }
    }
}
