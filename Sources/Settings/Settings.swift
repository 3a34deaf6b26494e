/// Everything the operator decides, as one value. `Settings()` is what an empty configuration file means.
///
/// The name, range and text of each key stand once, in ``Setting/all``; the defaults stand here.
package struct Settings: Sendable, Equatable {
    package var server = Server()
    package var listen = Listen()
    package var tls = TLS()
    package var acme = ACME()
    package var data = Data()
    package var identity = Identity()
    package var broker = Broker()
    package var limits = Limits()
    package var history = History()
    package var accounts = Accounts()
    package var operators = Operators()
    package var admin = Admin()
    package var dnsbl = DNSBL()
    package var metrics = Metrics()
    package var log = Log()

    package init() {}

    /// `[server]`: what this server calls itself.
    package struct Server: Sendable, Equatable {
        package var name = "irc.localhost"
        package var network = "Roost"
        package var description = "A Roost chat server"
        /// Absolute path of the message of the day.
        package var motd: String?
        /// An argon2id hash; nil: no password is asked for.
        package var password: String?
        /// The address of an image for the network.
        package var icon: String?
        /// Letters of user modes that everybody begins with.
        package var defaultUserModes = ""
        /// Names of client-only tags, `*` for all, `-name` for an exception.
        package var deniedClientTags: [String] = []
        /// Whether devices that are not connected are sent notifications.
        package var webPush = true
        /// Services beside the chat to which people prove who they are.
        package var tokenServices: [TokenService] = []
    }

    /// `[listen]`: the addresses served.
    package struct Listen: Sendable, Equatable {
        package var plain = [Endpoint(host: "127.0.0.1", port: 6667)]
        package var tls = [Endpoint(host: "0.0.0.0", port: 6697), Endpoint(host: "::", port: 6697)]
        package var http = [Endpoint(host: "127.0.0.1", port: 8080)]
        package var webClient = true
        package var gateways: [Gateway] = []
        /// IP addresses and networks in CIDR notation.
        package var proxies: [String] = []
        package var proxyHeader = ProxyHeader.optional

        /// Whether connections of proxies begin with a PROXY header.
        package enum ProxyHeader: String, Sendable, CaseIterable {
            case optional, required
        }
    }

    /// `[tls]`: absolute paths of PEM files; both or neither.
    package struct TLS: Sendable, Equatable {
        package var certificate: String?
        package var key: String?
        /// For other names; the first is for everybody when ``certificate`` is not set.
        package var certificates: [CertificatePair] = []
        /// The port for TLS that other clients are sent to; 0: they are not sent anywhere.
        package var stsPort = 0
        package var stsDuration: Duration = .seconds(30 * 86_400)
    }

    /// `[acme]`: certificates from an authority, by the protocol ACME.
    package struct ACME: Sendable, Equatable {
        /// DNS names in lower case; none: no certificate is ordered.
        package var domains: [String] = []
        package var email = ""
        package var agreesToTerms = false
        package var directory = "https://acme-v02.api.letsencrypt.org/directory"
        package var challenge = Challenge.http
        package var listen = [Endpoint(host: "0.0.0.0", port: 80), Endpoint(host: "::", port: 80)]
        /// Absolute path of a PEM file.
        package var authorityCA: String?
        package var externalAccountID: String?
        /// base64url. A secret.
        package var externalAccountKey: String?

        /// How the authority sees that a domain leads here.
        package enum Challenge: String, Sendable, CaseIterable {
            case http = "http-01"
            case tls = "tls-alpn-01"
        }
    }

    /// `[data]`.
    package struct Data: Sendable, Equatable {
        /// Absolute path; `nil` leaves the choice to the command line and the environment.
        package var directory: String?
        /// Name of the systemd credential with the master key; `nil`: the key is a file in the directory.
        package var keyCredential: String?
    }

    /// `[identity]`: how handles and DIDs are looked up, and which tokens show them. Of the look-ups, all but the default is for development.
    package struct Identity: Sendable, Equatable {
        /// Origin, without a trailing slash.
        package var plcDirectory = "https://plc.directory"
        package var dnsServer: Endpoint?
        package var allowLoopback = false
        /// The NSID that service tokens are for.
        package var serviceMethod = "chat.roost.authenticate"
        package var bareServiceDID = false
        /// Whether access tokens of PDSs are taken.
        package var pdsMethods = false
        /// Absolute path of a PEM file.
        package var extraCA: String?
    }

    /// `[broker]`: the Bluesky login. Origins, without a trailing slash.
    package struct Broker: Sendable, Equatable {
        package var publicURL = "http://127.0.0.1:8080"
        package var returnTo: [String] = []
        package var sessionIdleDays = 190
        /// 0: any.
        package var sessionDays = 0
    }

    /// `[limits]`: bounds on what one client, channel or address may take. Sizes and lengths in bytes.
    package struct Limits: Sendable, Equatable {
        /// 0: no limit.
        package var connectionsPerAddress = 32
        package var registrationTimeout: Duration = .seconds(60)
        package var pingInterval: Duration = .seconds(120)
        package var pingTimeout: Duration = .seconds(60)
        package var sendQueue = 1 << 20
        package var sendQueueAge: Duration = .seconds(60)
        package var receiveQueue = 32 << 10
        package var floodControl = true
        package var floodBurst = 20
        package var floodRate = 4
        package var nickLength = 32
        package var userLength = 10
        package var realnameLength = 150
        package var channelLength = 64
        package var topicLength = 390
        package var kickLength = 390
        package var awayLength = 200
        package var quitLength = 390
        package var keyLength = 32
        package var channelsPerClient = 100
        package var listEntries = 100
        /// Keys of metadata of one person or channel.
        package var metadataKeys = 20
        package var metadataSubscriptions = 50
        /// Bytes of one message of several lines.
        package var multilineBytes = 4096
        package var multilineLines = 100
        /// Nicknames that one client may watch.
        package var monitorEntries = 100
        package var targets = 4
        package var whowasEntries = 1000
        package var shutdownTimeout: Duration = .seconds(40)
        /// Connections with limits of their own; the first that fits counts.
        package var classes: [ClientClass] = []
    }

    /// `[history]`: what is kept of what people say.
    package struct History: Sendable, Equatable {
        package var enabled = true
        package var events = true
        /// 0: for ever.
        package var retentionDays = 0
        /// Of each channel and conversation. 0: all.
        package var retentionMessages = 0
        /// Lines that somebody who enters a channel is shown, whose client does not ask for history itself.
        package var joinReplay = 0
        /// Lines that somebody who was away is shown, likewise.
        package var catchUp = 100
        /// Whether those who enter a channel are told that what they say is kept.
        package var joinNotice = true
        /// Rows of one CHATHISTORY answer.
        package var page = 1000
        /// How long a message may wait to be written to disk.
        package var commitDelay: Duration = .milliseconds(50)
    }

    /// `[accounts]`: who may have one, and what it is good for.
    package struct Accounts: Sendable, Equatable {
        /// Who may make accounts with a password.
        package var registration = Registration.open
        /// Whether the accounts of DIDs may have a password.
        package var didPasswords = false
        package var beforeConnect = true
        package var customName = false
        package var passwordLength = 8
        /// Bytes.
        package var hashMemory = 19 << 20
        package var hashPasses = 2
        package var hashLanes = 1
        package var scram = false
        package var scramIterations = 600_000
        package var perHour = 5
        package var needsEmail = false
        /// Absolute path of a program like sendmail.
        package var mailer: String?
        package var reserveNicks = true
        package var nicknames = 5
        package var channels = 20
        /// DIDs.
        package var operators: [String] = []
        /// DIDs, domains of handles, names of accounts; empty: everybody.
        package var allowed: [String] = []
        /// 0: never.
        package var recheckMinutes = 60
        package var alwaysOn = AlwaysOn.optIn
        package var autoAway = true
        /// 0: for ever.
        package var alwaysOnDays = 90

        /// Who may make an account with a password.
        package enum Registration: String, Sendable, CaseIterable {
            case off
            case open
            /// Whoever has a code.
            case invite
        }

        /// Who stays without a connection.
        package enum AlwaysOn: String, Sendable, CaseIterable {
            case off
            case optIn = "opt-in"
            case optOut = "opt-out"
            case mandatory
        }
    }

    /// `[operators]`: what each of them may do.
    package struct Operators: Sendable, Equatable {
        package var classes: [OperatorClass] = []
        package var assigned: [OperatorAssignment] = []
        /// Of those who are not assigned; nil: they may do everything.
        package var defaultClass: String?
    }

    /// `[dnsbl]`: block lists in DNS.
    package struct DNSBL: Sendable, Equatable {
        package var lists: [DNSBlockList] = []
        /// IP addresses and networks in CIDR notation.
        package var exempt: [String] = []
    }

    /// `[metrics]`: who may read them.
    package struct Metrics: Sendable, Equatable {
        /// IP addresses and networks in CIDR notation.
        package var from: [String] = []
    }

    /// `[log]`: what is written to standard error.
    package struct Log: Sendable, Equatable {
        package var format = Format.text
        package var level = Level.info

        package enum Format: String, Sendable, CaseIterable {
            case text, json
        }

        /// Each includes those after it.
        package enum Level: String, Sendable, CaseIterable {
            case trace, debug, info, notice, warning, error, critical
        }
    }

    /// `[admin]`: the three lines of ADMIN; empty lines are left out.
    package struct Admin: Sendable, Equatable {
        package var location = ""
        package var organisation = ""
        package var email = ""
    }
}
