import Accounts
import Crypto
import IRCProtocol
package import MainLoop
import NIOCore

/// One connection. It speaks for one ``Client``: its own until it is registered, then perhaps one that was here before.
@LoopActor
package final class Session {
    /// How far a connection has come.
    enum Phase {
        case registering, registered, closed
    }

    let connection: any ClientConnection
    /// Who is at the other end: of the connection, or behind the gateway that it comes from.
    var peer: Peer
    /// The name of the gateway (WEBIRC).
    var gateway: String?
    package unowned let world: World
    let serverName: String
    /// Tells this connection from every other one there ever was.
    let id: UInt64
    let connectedAt: Duration
    /// The person it speaks for.
    var client: Client

    var phase = Phase.registering
    /// A nickname that somebody has, asked for during the negotiation: when it turns out to be the same person, this
    /// connection joins it.
    var wantedNick: Nickname?
    /// The nickname that it asked for last and did not get.
    var askedNick: Nickname?
    /// Which device of the person this is, as the login named it (`account@device`).
    var device: String?
    /// The login at the broker that its own login rests on.
    private(set) var webLogin: String?
    /// The id of the device password that its login rests on, and when that expires (milliseconds since 1970).
    private(set) var devicePassword: String?
    private(set) var devicePasswordEnds: Int64?
    /// What was shown to log in; nil: it is not logged in.
    private(set) var proof: Identity.Proof?
    /// The hash of its token for the HTTP API; see ``APIBearers``.
    var apiBearer: SHA256.Digest?
    /// The block list that its address is on.
    var listedIn: BlockList?
    /// Whether the block lists are being asked about its address.
    var awaitsBlockLists = false
    /// USER was accepted.
    var hasUser = false
    /// PASS brought the password of the server.
    var hasPassword = false
    /// Between the first CAP LS or REQ and CAP END.
    var isNegotiating = false
    var capabilities = CapabilitySet()
    var usesCapVersion302 = false
    var sasl = SASLState()
    /// The message of several lines that it is sending.
    var clientBatch: ClientBatch?
    /// The token of several lines that it is sending.
    var tokenBatch: TokenBatch?
    /// The keys of metadata it wants to hear of. Bounded by `Limits.metadataSubscriptions`.
    var subscriptions: Set<String> = []
    /// The nicknames it watches. Bounded by `Limits.monitor`.
    var watched = WatchedNicks()

    /// Lines that came in and have not run yet.
    var inbox = Inbox()
    var flood: FloodBucket
    /// The limits of its class.
    var rules: ConnectionRules
    /// A timer runs that will go on with the inbox.
    var drainIsScheduled = false
    /// How often a command waits for slow work: one with several targets may do so several times at once.
    var waits = 0
    /// Whether a command waits for slow work; later lines wait behind it.
    var isWaiting: Bool { waits > 0 }
    /// The answer that is being collected.
    var openReply: Reply?

    /// All that came so far.
    var received = (lines: 0, bytes: 0)
    /// When the last line came.
    var heardAt: Duration
    var pingSentAt: Duration?

    /// Marks that this session is in the list of those to flush at the end of the turn.
    var isDirty = false
    /// Why it will be cut at the end of the turn; nil: it stays.
    var doom: Doom?
    private var unflushedBytes = 0
    private var batches = 0

    init(_ connection: any ClientConnection, world: World) {
        self.connection = connection
        peer = connection.peer
        self.world = world
        serverName = world.configuration.name
        id = world.randomness.next()
        connectedAt = world.clock.uptime
        heardAt = connectedAt
        rules = world.rules(for: connection.peer, gateway: nil, hasAccount: false)
        flood = FloodBucket(limits: rules.limits, now: connectedAt)
        client = Client(id: id, address: connection.peer.address, world: world)
        client.attach(self)
    }

    var isRegistered: Bool { phase == .registered }

    /// The nickname, or `*` before there is one: the first parameter of every numeric.
    var target: String { client.target }

    func nextBatchReference() -> String {
        batches += 1
        return String(batches, radix: 36)
    }

    /// Notes what its login rests on; nil: it is logged out.
    func rest(on identity: Identity?) {
        if let identity { device = identity.device }
        (webLogin, proof) = (identity?.webLogin, identity?.proof)
        (devicePassword, devicePasswordEnds) = (identity?.devicePassword, identity?.devicePasswordEnds)
    }

    // MARK: What it is told

    /// Tells this connection `line`: as part of the answer when one of its own commands runs, at once otherwise.
    func send(_ line: Line) {
        if let openReply { openReply.add(line) } else { write(line) }
    }

    /// Queues `line` for the end of the turn.
    func write(_ line: Line) {
        write(LineRenderer.render(line, for: capabilities))
    }

    /// Queues rendered bytes for the end of the turn, and dooms the connection when too many wait.
    func write(_ bytes: ByteBuffer) {
        guard phase != .closed, doom == nil else { return }
        unflushedBytes += bytes.readableBytes
        if unflushedBytes > rules.limits.sendQueue {
            return world.doom(self, .sendQueue)
        }
        world.counts.linesOut += 1
        world.counts.bytesOut += bytes.readableBytes
        connection.write(bytes)
        if !isDirty {
            isDirty = true
            world.dirty(self)
        }
    }

    /// Hands the queue to the transport. Called once a turn.
    func flush() {
        isDirty = false
        unflushedBytes = 0
        connection.flush()
        if connection.unsentBytes > rules.limits.sendQueue { world.doom(self, .sendQueue) }
    }
}

/// Why the server gives a connection up.
enum Doom: Equatable {
    case sendQueue
    case sendQueueAge
    case receiveQueue
    case registrationTimeout
    /// - Parameter silence: how long nothing was heard of it.
    case pingTimeout(silence: Duration)
    case killed(String)

    /// The reason that others read in its QUIT.
    var reason: String {
        switch self {
        case .sendQueue: "SendQ exceeded"
        case .sendQueueAge: "Write timeout"
        case .receiveQueue: "Excess Flood"
        case .registrationTimeout: "Registration timeout"
        case .pingTimeout(let silence): "Ping timeout: \(silence.components.seconds) seconds"
        case .killed(let reason): reason
        }
    }

    /// Whether it is cut for what it sends, or does not read.
    var isFlood: Bool {
        switch self {
        case .sendQueue, .sendQueueAge, .receiveQueue: true
        case .registrationTimeout, .pingTimeout, .killed: false
        }
    }

    /// Whether nothing more can be sent to it.
    var discardsQueue: Bool {
        switch self {
        case .sendQueue, .sendQueueAge: true
        case .receiveQueue, .registrationTimeout, .pingTimeout, .killed: false
        }
    }

    /// What it is counted as.
    var end: Counts.End {
        switch self {
        case .sendQueue: .sendQueue
        case .sendQueueAge: .sendQueueAge
        case .receiveQueue: .receiveQueue
        case .registrationTimeout: .registrationTimeout
        case .pingTimeout: .pingTimeout
        case .killed: .killed
        }
    }
}
