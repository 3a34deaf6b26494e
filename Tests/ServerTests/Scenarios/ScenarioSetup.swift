import IRCProtocol
import RoostTesting
import Server

extension Scenario {
    /// The server of all scenarios, with small limits, and what this one asks for beyond that. SocketScenarioTests says the same in a
    /// configuration file.
    func change(_ configuration: inout ServerConfiguration) {
        configuration.name = "irc.test"
        configuration.motd = ["Hello"]
        configuration.history.joinNotice = true
        configuration.limits.channelsPerClient = 5
        configuration.limits.listEntries = 3
        configuration.limits.monitor = 2
        configuration.limits.metadataKeys = 2
        configuration.limits.metadataSubscriptions = 2
        configuration.limits.multilineLines = 3
        configuration.limits.multilineBytes = 512
        configuration.limits.connectionsPerAddress = .max
        configuration.accounts.perHour = 100
        configuration.accounts.reservesNicks = false
        configuration.tokenServices = [
            .init(name: "FILES", url: "https://files.test", addresses: ["192.0.2.1"], description: "Uploads"),
            .init(name: "OTHER", url: "https://other.test", addresses: ["203.0.113.5"], description: "Something else"),
        ]
        for setup in setup { Self.change(&configuration, setup) }
    }

    private static func change(_ configuration: inout ServerConfiguration, _ setup: Setup) {
        switch setup {
        case .noAccounts: configuration.accounts.registration = .off
        case .invite: configuration.accounts.registration = .invite
        case .needsEmail: configuration.accounts.needsEmail = true
        case .connectFirst: configuration.accounts.beforeConnect = false
        case .admin: configuration.admin = ["Here", "Us", "root@example.com"]
        case .gateway: configuration.gateways = [.init(name: "web", password: "opensesame", addresses: ["192.0.2.1"])]
        case .icon: configuration.icon = "https://irc.test/icon.png"
        case .sts: configuration.strictTransport = .init(port: 6697, duration: 3600)
        case .noMotd: configuration.motd = []
        case .deniedTags: configuration.deniedClientTags = ["*", "-draft/react", "-draft/reply"]
        case .noTokenServices: configuration.tokenServices = []
        case .smallQueue: configuration.limits.sendQueue = 16 << 10
        case .allowList: configuration.accounts.allowed = [.account("ann")]
        case .operatorClasses:
            configuration.operators.classes = ["helper": .init(name: "helper", privileges: [.kill], whoisLine: "helps people here")]
            configuration.operators.defaultClass = "helper"
        }
    }
}
