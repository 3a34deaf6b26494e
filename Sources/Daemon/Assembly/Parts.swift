import ATProto
import Accounts
import Broker
import Logging
import MainLoop
import Push
import Server
import Settings
import Store

/// The parts without ports: they can answer, and nobody can ask them yet.
@LoopActor
final class Parts {
    let world: World
    let broker: Broker
    let fetcher: HardenedFetcher
    let authenticator: Authenticator
    let push: PushSender

    private init(world: World, broker: Broker, fetcher: HardenedFetcher, authenticator: Authenticator, push: PushSender) {
        (self.world, self.broker, self.fetcher) = (world, broker, fetcher)
        (self.authenticator, self.push) = (authenticator, push)
    }

    /// - Parameter motd: the lines of the message of the day.
    static func build(
        _ settings: Settings, motd: [String], ground: Ground, clock: any LoopClock, logger: Logger
    ) async throws(StartError) -> Parts {
        let policy = try NetworkPolicy(settings.identity)
        let dns = DNSClient(policy: policy)
        let fetcher = HardenedFetcher(policy: policy, dns: dns, logger: logger)
        let resolver = IdentityResolver(policy: policy, fetcher: fetcher, dns: dns, clock: clock)
        let webTokens = WebTokens(clock: clock)
        let status = RepoStatus(fetcher: fetcher, clock: clock)
        let lookups = LoginThrottle.ofLookups(clock)
        let authenticator = Authenticator(
            accounts: ground.accounts, hasher: ground.hasher, resolver: resolver, webTokens: webTokens,
            services: ServiceIdentity(settings).map { ServiceLogin(service: $0, resolver: resolver, lookups: lookups, clock: clock) },
            pds: PDSLogin(resolver: resolver, fetcher: fetcher, clock: clock), status: status,
            throttle: LoginThrottle(clock: clock), lookups: lookups, scramKey: ground.vault.scramKey,
            clock: clock, logger: logger)
        let configuration = try BrokerConfiguration(settings)
        let broker = Broker(
            configuration: configuration, store: ground.brokerStore,
            client: OAuthClient(
                identity: try identity(configuration.publicURL), fetcher: fetcher, clock: clock, allowsHTTP: policy.allowLoopback),
            resolver: resolver, webTokens: webTokens, clock: clock, logger: logger)
        do {
            try await broker.start()
        } catch {
            throw StartError(ground.data.database, "cannot be read: \(error)", remedy: "restore it from a backup")
        }
        let mailer = settings.accounts.mailer.map { Mailer(program: $0, sender: "noreply@\(settings.server.name)", logger: logger) }
        let push = PushSender(
            fetcher: fetcher, store: ground.pushSubscriptions, key: ground.vault.pushKey, subject: settings.pushSubject, clock: clock,
            logger: logger)
        var services = World.Services(
            authenticator: authenticator, accounts: ground.accounts, hasher: ground.hasher, state: ground.state, history: ground.history,
            historyWriter: ground.historyWriter, metadata: ground.metadata, readMarkers: ground.readMarkers,
            channelRecords: ground.records(.channel), presenceRecords: ground.records(.presence),
            serverBans: ServerBanStore(ground.database), audit: AuditStore(ground.database), mail: mailer?.send, push: push)
        services.filters = FilterStore(ground.database)
        services.blockListLookup = dns
        services.webLogins = broker
        services.review = IdentityReview(resolver: resolver, status: status).verdict
        let world = World(
            configuration: ServerConfiguration(settings, motd: motd), services: services, cloakKey: ground.vault.cloakKey,
            lastSequence: ground.lastSequence, clock: clock, logger: logger)
        broker.people = world
        do {
            try await push.load()
            try await world.restore()
        } catch {
            throw StartError(ground.data.database, "cannot be read: \(error)", remedy: "restore it from a backup")
        }
        return Parts(world: world, broker: broker, fetcher: fetcher, authenticator: authenticator, push: push)
    }

    private static func identity(_ publicURL: Origin) throws(StartError) -> ClientIdentity {
        do {
            return try ClientIdentity(publicURL: publicURL)
        } catch {
            throw StartError(
                "broker.public_url", "\(error)", remedy: "write the address that browsers use, such as https://irc.example.com")
        }
    }
}

extension Settings {
    /// How push services reach the operator: they want an address of mail or of the web.
    fileprivate var pushSubject: String {
        if !admin.email.isEmpty { return "mailto:\(admin.email)" }
        return broker.publicURL.hasPrefix("https://") ? broker.publicURL : "https://\(server.name)"
    }
}

extension NetworkPolicy {
    /// - Throws: ``StartError`` when an address is none.
    init(_ identity: Settings.Identity) throws(StartError) {
        guard var policy = NetworkPolicy(plcDirectory: identity.plcDirectory) else {
            throw StartError("identity.plc_directory", "\"\(identity.plcDirectory)\" is no origin", remedy: "remove the key")
        }
        policy.allowLoopback = identity.allowLoopback
        policy.extraCAFile = identity.extraCA
        policy.dnsServer = identity.dnsServer.map { Server(host: $0.host, port: $0.port) }
        self = policy
    }
}

extension BrokerConfiguration {
    /// - Throws: ``StartError`` when an address is none.
    init(_ settings: Settings) throws(StartError) {
        guard let publicURL = Origin(settings.broker.publicURL) else {
            throw StartError("broker.public_url", "\"\(settings.broker.publicURL)\" is no origin", remedy: "write https:// and a host name")
        }
        self.init(publicURL: publicURL, returnTo: settings.broker.returnTo.compactMap { Origin($0) })
        // What is left of the stop after clients had their time to take the last lines.
        let day: Duration = .seconds(86_400)
        limits.sessionLifetime = day * settings.broker.sessionIdleDays
        limits.sessionAge = settings.broker.sessionDays == 0 ? nil : day * settings.broker.sessionDays
        limits.shutdownBudget = max(.seconds(1), settings.limits.shutdownTimeout - .seconds(6))
    }
}
