package import ATProto
package import Accounts
package import Crypto
import IRCProtocol
package import Logging
package import MainLoop
package import Push
package import Store

/// All that the IRC side of the daemon knows: who is connected, which channels there are, what waits to be sent.
///
/// Lines come in through ``receive(_:from:)``; everything else hangs on that, on ``tick()`` and on work that comes back.
/// The extensions of this class hold one concern each; commands live in `Commands/`, one family a folder.
@LoopActor
package final class World {
    package internal(set) var configuration: ServerConfiguration
    let clock: any LoopClock
    let services: Services
    let logger: Logger
    let cloak: Cloak
    let commands = CommandTable.standard
    /// What REHASH, DIE and RESTART act on; nil in a world without a daemon around it.
    package weak var control: (any ServerControl)?
    /// For monitoring.
    package internal(set) var counts: Counts
    /// Milliseconds since 1970 at which this process began to serve.
    let startedAt: Int64

    /// Every open connection, registered or not.
    var sessions: [ObjectIdentifier: Session] = [:]
    /// Everybody who is registered.
    var clients: [ObjectIdentifier: Client] = [:]
    /// Those of them who are logged in.
    var accounts = AccountIndex()
    /// The owner of every nickname in use, by folded name; also those that are still registering.
    var nicknames: [String: Client] = [:]
    /// By folded name.
    var channels: [String: Channel] = [:]
    /// Names of channels that nobody may use, by folded name.
    var purges: [String: Purge] = [:]
    var namesOnHold = NamesOnHold()
    /// The folded account that a nickname is reserved for, by folded nickname.
    var reservedNicks: [String: String] = [:]
    /// How often accounts were suspended or deleted, or what opens them changed: a login that was judged before that is looked at again.
    var closings: UInt64 = 0
    /// Who stays without a connection, by folded account; one for each account.
    var residents: [String: Client] = [:]
    /// What addresses and accounts did of the things that they may do a few times an hour, by what it is and who.
    var allowances = HourlyAllowance()
    var exports = Exports()
    var tokens = IssuedTokens()
    var apiBearers = APIBearers()
    /// Bounded by ``ProgramPaces/limit``.
    var programPaces = ProgramPaces()
    var waitingLogins = WaitingLogins()
    var identityRounds = IdentityRounds()
    let channelWriter: RecordWriter
    let presenceWriter: RecordWriter
    var whowas: WhowasList
    var watches = Watches()
    var addresses = AddressCounter()
    var blockListQuestions = BlockListQuestions()
    /// Of the connections of no class.
    var commonRules: ConnectionRules
    /// In the order of the configuration.
    var classRules: [ConnectionRules]
    /// Bounded by `Limits.filters`.
    var filters = ContentFilters()
    /// How far the server has closed itself.
    var defense = DefenseLevel.normal
    /// Bounded by `Limits.serverBans`.
    var serverBans = ServerBans()
    /// Operators who are told of anything.
    var noticeReaders: [ObjectIdentifier: Client] = [:]
    var noticeBudget = NoticeBudget()
    /// See ``noteDevices()``.
    var devicesNotedAt: Duration = .zero
    /// The most registered clients there ever were at once.
    var peakClients = 0
    var isShuttingDown = false
    /// Whether new connections are refused while those that are here stay.
    package internal(set) var isDraining = false
    /// The newest entry of the audit table that is being written, or was.
    var lastAudit: Task<Void, Never>?
    /// Commands that wait for slow work.
    var jobsInFlight = 0 {
        didSet {
            guard jobsInFlight == 0 else { return }
            let waiting = idleWaiters
            idleWaiters = []
            for waiter in waiting { waiter.resume() }
        }
    }
    private var idleWaiters: [CheckedContinuation<Void, Never>] = []

    /// Sessions with lines to send at the end of this turn.
    private var dirtySessions: [Session] = []
    private var endOfTurnIsScheduled = false
    /// Sessions to cut at the end of this turn: never in the middle of a fan-out.
    private var doomedSessions: [Session] = []
    var visits: UInt64 = 0
    var lastMessageTime: Int64 = 0
    var lastSequence: Int64
    var randomness = SystemRandomNumberGenerator()

    /// The other parts of the daemon that the server asks.
    package struct Services: Sendable {
        package var authenticator: Authenticator
        package var accounts: AccountStore
        package var hasher: PasswordHasher
        package var state: ServerStateStore
        package var history: HistoryStore
        package var historyWriter: HistoryWriter
        package var metadata: MetadataStore
        package var readMarkers: ReadMarkerStore
        package var channelRecords: RecordStore
        package var presenceRecords: RecordStore
        package var serverBans: ServerBanStore
        package var audit: AuditStore
        /// Sends a mail: to whom, about what, and the text; nil: there is no way to.
        package var mail: (@Sendable (_ address: String, _ subject: String, _ text: String) async throws -> Void)?

        /// Sends notifications; nil: there is nothing that does.
        package var push: PushSender?

        /// Where filters are kept; nil: there are none.
        package var filters: FilterStore?

        /// Asks the block lists; nil: there is no way to.
        package var blockListLookup: (any IPv4Lookup)?

        /// The logins of the broker; nil: there is none.
        package var webLogins: (any WebLogins)?

        /// Looks an identity up anew; nil: there is no way to.
        package var review: (@Sendable (DID) async -> IdentityVerdict)?

        package init(
            authenticator: Authenticator, accounts: AccountStore, hasher: PasswordHasher, state: ServerStateStore, history: HistoryStore,
            historyWriter: HistoryWriter, metadata: MetadataStore, readMarkers: ReadMarkerStore, channelRecords: RecordStore,
            presenceRecords: RecordStore, serverBans: ServerBanStore, audit: AuditStore,
            mail: (@Sendable (_ address: String, _ subject: String, _ text: String) async throws -> Void)? = nil,
            push: PushSender? = nil
        ) {
            self.authenticator = authenticator
            self.accounts = accounts
            self.hasher = hasher
            self.state = state
            self.history = history
            self.historyWriter = historyWriter
            self.metadata = metadata
            self.readMarkers = readMarkers
            self.channelRecords = channelRecords
            self.presenceRecords = presenceRecords
            self.serverBans = serverBans
            self.audit = audit
            self.mail = mail
            self.push = push
        }
    }

    /// - Parameters:
    ///   - cloakKey: secret of this server, the same after every restart.
    ///   - lastSequence: the sequence of the newest stored message; new ones count on from it.
    package init(
        configuration: ServerConfiguration, services: Services, cloakKey: SymmetricKey, lastSequence: Int64, clock: any LoopClock,
        logger: Logger
    ) {
        self.configuration = configuration
        commonRules = ConnectionRules(nil, configuration.limits)
        classRules = configuration.connectionClasses.map { ConnectionRules($0, configuration.limits) }
        self.services = services
        self.clock = clock
        self.logger = logger
        self.lastSequence = lastSequence
        channelWriter = RecordWriter(store: services.channelRecords, clock: clock, logger: logger)
        presenceWriter = RecordWriter(store: services.presenceRecords, clock: clock, logger: logger)
        cloak = Cloak(key: cloakKey)
        startedAt = clock.wallMilliseconds
        whowas = WhowasList(limit: configuration.limits.whowas)
        counts = Counts(commands: CommandTable.standard.all.count)
    }

    /// Does slow work off the loop and goes on with `body`; a stop waits for both.
    func job<Result: Sendable>(_ work: @escaping @Sendable () async -> Result, then body: @escaping @LoopActor (Result) -> Void) {
        jobsInFlight += 1
        Task { @LoopActor in
            body(await work())
            jobsInFlight -= 1
        }
    }

    /// Returns when no command waits for slow work: before what they work with is closed.
    package func idle() async {
        guard jobsInFlight > 0 else { return }
        await withCheckedContinuation { idleWaiters.append($0) }
    }

    // MARK: The end of a turn

    func dirty(_ session: Session) {
        dirtySessions.append(session)
        scheduleEndOfTurn()
    }

    /// Cuts `session` at the end of the turn. The first reason counts.
    func doom(_ session: Session, _ doom: Doom) {
        guard session.doom == nil, session.phase != .closed else { return }
        session.doom = doom
        doomedSessions.append(session)
        scheduleEndOfTurn()
    }

    private func scheduleEndOfTurn() {
        guard !endOfTurnIsScheduled else { return }
        endOfTurnIsScheduled = true
        clock.atEndOfTurn { [weak self] in self?.endTurn() }
    }

    /// One flush per connection, then the cuts; what those send goes out in a turn of its own.
    private func endTurn() {
        endOfTurnIsScheduled = false
        let dirty = dirtySessions
        dirtySessions = []
        for session in dirty { session.flush() }
        let doomed = doomedSessions
        doomedSessions = []
        for session in doomed { cut(session) }
    }
}
