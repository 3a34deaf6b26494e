package import Accounts
package import IRCProtocol
package import MainLoop
import NIOCore

/// One connection and the person behind it.
@LoopActor
package final class Client {
    /// How far a connection has come.
    enum Phase {
        case registering, registered, closed
    }

    let connection: any ClientConnection
    let serverName: String
    /// Tells this connection from every other one there ever was.
    let guestID: UInt64
    package unowned let world: World
    let connectedAt: Duration
    let signedOnAt: Int64

    var phase = Phase.registering
    var registration = Registration()
    /// The nickname; nil until the first NICK that was accepted.
    package internal(set) var nick: Nickname? { didSet { updateSource() } }
    /// The user name, with the `~` that says nobody checked it.
    package internal(set) var user = "~unknown" { didSet { updateSource() } }
    package internal(set) var realname = ""
    /// What others see in place of the address.
    package internal(set) var host: String { didSet { updateSource() } }
    /// `nick!user@host`, as it stands before the lines this client causes.
    package private(set) var source = ""
    /// Who is logged in.
    package internal(set) var identity: Identity?
    package internal(set) var capabilities = CapabilitySet()
    var usesCapVersion302 = false
    var modes = UserModes()
    /// Why the person is away; nil when it is here.
    var away: String?
    /// The channels it is in, by folded name.
    var channels: [String: Channel] = [:]
    /// The channels it may enter although they are +i. Bounded by `Limits.channelsPerClient`.
    var invitations = Invitations()
    /// Bounded by `Limits.accept`.
    var accepted = AcceptList()
    /// Bounded by `Limits.silence`.
    var silence = SilenceList()
    /// When somebody it did not accept was last announced to it (user mode g).
    var requestToldAt: Duration?
    /// When it last knocked on a channel.
    var knockedAt: Duration?
    var sasl = SASLState()

    /// Lines that came in and have not run yet.
    var inbox = Inbox()
    var flood: FloodBucket
    /// A timer runs that will go on with the inbox.
    var drainIsScheduled = false
    /// Whether a command waits for slow work; later lines wait behind it.
    var isWaiting = false
    /// The answer that is being collected.
    var openReply: Reply?

    /// All that came so far.
    var received = (lines: 0, bytes: 0)
    /// When the last line came, and the last that was not a PING or PONG.
    var heardAt: Duration
    var activeAt: Duration
    var pingSentAt: Duration?

    /// Marks that this client is in the list of those to flush at the end of the turn.
    var isDirty = false
    /// Why it will be cut at the end of the turn; nil: it stays.
    var doom: Doom?
    /// Visited in the fan-out with this number; tells who got a line already without building a set.
    var visit: UInt64 = 0
    private var unflushedBytes = 0
    private var batches = 0

    init(_ connection: any ClientConnection, world: World) {
        self.connection = connection
        self.world = world
        serverName = world.configuration.name
        guestID = world.randomness.next()
        connectedAt = world.clock.uptime
        heardAt = connectedAt
        activeAt = connectedAt
        signedOnAt = world.clock.wallMilliseconds
        flood = FloodBucket(limits: world.configuration.limits, now: connectedAt)
        host = world.cloak.host(forAddress: connection.peer.address)
    }

    /// The nickname, or `*` before there is one: the first parameter of every numeric.
    package var target: String { nick?.text ?? "*" }

    package var isRegistered: Bool { phase == .registered }
    package var isOperator: Bool { modes.contains(.oper) }

    private func updateSource() {
        source = "\(target)!\(user)@\(host)"
    }

    func nextBatchReference() -> String {
        batches += 1
        return String(batches, radix: 36)
    }

    // MARK: What it is told

    /// Tells this client `line`: as part of the answer when one of its own commands runs, at once otherwise.
    func send(_ line: Line) {
        if let openReply { openReply.add(line) } else { write(line) }
    }

    /// Queues `line` for the end of the turn.
    func write(_ line: Line) {
        var renderer = LineRenderer(line)
        write(renderer.bytes(for: capabilities))
    }

    /// Queues rendered bytes for the end of the turn, and dooms the client when too many wait.
    func write(_ bytes: ByteBuffer) {
        guard phase != .closed, doom == nil else { return }
        unflushedBytes += bytes.readableBytes
        if unflushedBytes > world.configuration.limits.sendQueue {
            return world.doom(self, .sendQueue)
        }
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
        if connection.unsentBytes > world.configuration.limits.sendQueue { world.doom(self, .sendQueue) }
    }
}

/// Why the server gives a client up.
enum Doom: Equatable {
    case sendQueue
    case sendQueueAge
    case receiveQueue
    case killed(String)

    /// The reason that others read in its QUIT.
    var reason: String {
        switch self {
        case .sendQueue: "SendQ exceeded"
        case .sendQueueAge: "Write timeout"
        case .receiveQueue: "Excess Flood"
        case .killed(let reason): reason
        }
    }

    /// Whether nothing more can be sent to it.
    var discardsQueue: Bool {
        switch self {
        case .sendQueue, .sendQueueAge: true
        case .receiveQueue, .killed: false
        }
    }
}
