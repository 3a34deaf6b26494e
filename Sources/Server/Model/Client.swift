import Accounts
import IRCProtocol
import MainLoop
import NIOCore

/// One person: what others see of it, whichever connections it has. Most have one; who is logged in may have several, or for
/// a while none.
@LoopActor
final class Client {
    /// Tells a guest from every other one there ever was.
    let id: UInt64
    unowned let world: World
    let signedOnAt: Int64

    /// Its connections, oldest first. Bounded by `Limits.sessions`.
    private(set) var sessions: [Session] = []
    /// Whether others know of it: from the end of registration until it is gone.
    var isRegistered = false
    /// The nickname; nil until the first NICK that was accepted.
    var nick: Nickname? { didSet { updateSource() } }
    /// The user name, with the `~` that says nobody checked it.
    var user = "~unknown" { didSet { updateSource() } }
    var realname = ""
    /// What others see in place of the address.
    var host: String { didSet { updateSource() } }
    /// `nick!user@host`, as it stands before the lines this client causes.
    private(set) var source = ""
    /// The address of its newest connection, also when that is gone.
    private(set) var address: String
    /// Who is logged in.
    var identity: Identity? {
        didSet {
            if oldValue?.account != identity?.account || oldValue?.did != identity?.did { identityCheckedAt = world.clock.uptime }
            guard isRegistered, oldValue?.account != identity?.account || oldValue?.did != identity?.did else { return }
            if let oldValue { world.accounts.remove(self, oldValue) }
            if let identity { world.accounts.add(self, identity) }
        }
    }
    var modes = UserModes()
    /// Whose powers it has as an operator since OPER; nil: those of who is logged in.
    var operatesAs: Identity?
    /// What it is told of as an operator (user mode s).
    var notices = NoticeMask()
    /// When the identity was looked at last.
    var identityCheckedAt: Duration = .zero
    /// Why the person is away; nil when it is here.
    var away: String?
    /// It is away because it has no connection.
    var isAutoAway = false
    /// When its last connection ended, milliseconds since 1970; nil while it has one. Only of those who stay.
    var leftAt: Int64?
    /// Bounded by ``Devices/limit``.
    var devices = Devices()
    var metadata = Metadata()
    /// The channels it is in, by folded name.
    var channels: [String: Channel] = [:]
    /// The channels it may enter although they are +i. Bounded by `Limits.channelsPerClient`.
    var invitations = Invitations()
    /// Bounded by `Limits.accept`.
    var accepted = AcceptList()
    /// Bounded by `Limits.silence`.
    var silence = SilenceList()
    /// Bounded by `Limits.readMarkers`.
    var readMarkers = ReadMarkers()
    /// When somebody it did not accept was last announced to it (user mode g).
    var requestToldAt: Duration?
    /// When it last knocked on a channel.
    var knockedAt: Duration?
    /// When it last did something but PING and PONG.
    var activeAt: Duration

    /// Visited in the fan-out with this number; tells who got a line already without building a set.
    var visit: UInt64 = 0

    init(id: UInt64, address: String, world: World, signedOnAt: Int64? = nil) {
        self.id = id
        self.world = world
        self.address = address
        activeAt = world.clock.uptime
        self.signedOnAt = signedOnAt ?? world.clock.wallMilliseconds
        host = world.cloak.host(forAddress: address)
    }

    /// The nickname, or `*` before there is one.
    var target: String { nick?.text ?? "*" }

    var isOperator: Bool { modes.contains(.oper) }

    /// Whether it stays when its last connection ends.
    var staysOn: Bool {
        guard isRegistered, let account = identity?.account else { return false }
        return world.residents[CaseMapping.fold(account)] === self
    }

    private func updateSource() {
        source = "\(target)!\(user)@\(host)"
    }

    // MARK: Its connections

    func attach(_ session: Session) {
        sessions.append(session)
        address = session.peer.address
    }

    /// The address is another one than that of the connection (WEBIRC).
    func move(to address: String) {
        self.address = address
        host = world.cloak.host(forAddress: address)
    }

    func detach(_ session: Session) {
        sessions.removeAll { $0 === session }
    }

    /// Whether nobody between any of its connections and this machine can read along.
    var isSecure: Bool { sessions.allSatisfy(\.peer.isSecure) }

    /// The fingerprints of the certificates that its connections showed.
    var certificateFingerprints: [String] { sessions.compactMap(\.peer.certificateFingerprint) }

    /// Tells all its connections `line`: the one whose command runs as a part of the answer.
    ///
    /// - Parameter wants: which connections get it, by their capabilities.
    func send(_ line: Line, for wants: (CapabilitySet) -> Bool = { _ in true }) {
        for session in sessions where wants(session.capabilities) { session.send(line) }
    }

    /// Who this is in the key of a direct conversation. A guest is only this connection: whoever takes its nickname
    /// later must not read what was said to it.
    var correspondent: String {
        identity?.account ?? Self.guestPrefix + String(id)
    }

    /// No name of an account begins so.
    static let guestPrefix = "guest:"

    /// Who this is as the author of a message, with or without an account.
    var connectionKey: Int64 { Int64(bitPattern: id) }
}
