/// What the operator decides about the IRC side. A value: a reload replaces it whole (``World/reconfigure(_:)``).
package struct ServerConfiguration: Sendable, Equatable {
    /// The name of this server, as in the prefix of its lines.
    package var name = "irc.localhost"
    /// `NETWORK` in ISUPPORT.
    package var network = "Roost"
    /// One line about the server, for WHOIS and INFO.
    package var description = "A Roost chat server"
    /// The argon2id hash of the password that PASS must bring; nil: none is needed.
    package var passwordHash: String?
    /// The lines of the message of the day; empty: 422.
    package var motd: [String] = []
    /// Letters of user modes that everybody begins with, as far as anybody may give them to oneself.
    package var defaultUserModes = ""
    /// Where browsers reach the sidecar: an origin.
    package var webAddress = "http://127.0.0.1:8080"
    /// The lines of ADMIN: location, organisation, mail.
    package var admin: [String] = []
    /// The address of an image for the network; empty: there is none (draft/ICON).
    package var icon = ""
    /// `CLIENTTAGDENY`: the names of client-only tags that are dropped, without `+`; `*` for all, `-name` for an exception.
    package var deniedClientTags: [String] = []
    /// IRCv3 sts; nil: not offered.
    package var strictTransport: StrictTransport?
    /// Those who may connect for others (WEBIRC).
    package var gateways: [Gateway] = []
    /// Whether devices that are not connected are sent notifications (draft/webpush).
    package var webPush = true
    /// Block lists in DNS that are asked about those who connect.
    package var blockLists: [BlockList] = []
    /// Whom they are not asked about.
    package var blockListExemptions: [AddressRange] = []
    /// Services that take tokens (draft/authtoken).
    package var tokenServices: [TokenService] = []
    package var limits = Limits()
    /// Connections with limits of their own; the first that fits counts.
    package var connectionClasses: [ConnectionClass] = []
    package var history = History()
    package var accounts = Accounts()
    package var presence = Presence()
    package var operators = Operators()

    package init() {}

    /// Bounds on what one client, channel or address may take. Lengths in bytes.
    package struct Limits: Sendable, Equatable {
        package var connectionsPerAddress = 32
        package var registrationTimeout: Duration = .seconds(60)
        /// How long a client may be silent before it is asked whether it lives.
        package var pingInterval: Duration = .seconds(120)
        /// How long it may take to answer.
        package var pingTimeout: Duration = .seconds(60)
        /// Bytes that may wait to be sent to one client.
        package var sendQueue = 1 << 20
        /// How long the oldest byte may wait.
        package var sendQueueAge: Duration = .seconds(60)
        /// Bytes of received lines that may wait to be run.
        package var receiveQueue = 32 << 10
        /// Whether commands are paced at all.
        package var floodControl = true
        /// Commands that may come at once.
        package var floodBurst = 20
        /// Commands per second after that.
        package var floodRate = 4
        package var nick = 32
        package var user = 10
        package var realname = 150
        package var channel = 64
        package var topic = 390
        package var kick = 390
        package var away = 200
        package var quit = 390
        package var key = 32
        package var channelsPerClient = 100
        /// Entries in the lists b, e and I of a channel together.
        package var listEntries = 100
        /// Keys that a person or a channel may set (draft/metadata-2).
        package var metadataKeys = 20
        /// Keys that one connection may subscribe to.
        package var metadataSubscriptions = 50
        /// Changes of one person within a minute.
        package var metadataChanges = 30
        /// Bytes of one message of several lines (draft/multiline).
        package var multilineBytes = 4096
        /// Lines of it.
        package var multilineLines = 100
        /// Nicknames that one client may watch (MONITOR).
        package var monitor = 100
        package var targets = 4
        /// Conversations of which it is known how far somebody has read.
        package var readMarkers = 1000
        /// Connections of one person under one nickname.
        package var sessions = 16
        /// Entries of an ACCEPT list.
        package var accept = 50
        /// Entries of a SILENCE list.
        package var silence = 50
        /// Between two knocks of one person.
        package var knockInterval: Duration = .seconds(60)
        package var whowas = 1000
        /// Bans of the server and exemptions from them, together.
        package var serverBans = 10_000
        /// Those of them that have to be tried one by one: neither addresses nor names without `*` and `?`.
        package var serverBanPatterns = 1000
        /// Filters of what people say.
        package var filters = 200
        /// Rows of one CHATHISTORY answer.
        package var historyPage = 1000

        package init() {}
    }

    /// A gateway that may say where its clients are.
    package struct Gateway: Sendable, Equatable {
        package var name: String
        /// As it is, or its argon2id hash as a PHC string.
        package var password: String
        /// Where it may connect from, canonical.
        package var addresses: [String]

        package init(name: String, password: String, addresses: [String]) {
            (self.name, self.password, self.addresses) = (name, password, addresses)
        }
    }

    /// A service beside the chat to which people prove who they are.
    package struct TokenService: Sendable, Equatable {
        package var name: String
        package var url: String
        /// Where it may ask from, canonical.
        package var addresses: [String]
        package var description: String

        package init(name: String, url: String, addresses: [String], description: String) {
            (self.name, self.url, self.addresses, self.description) = (name, url, addresses, description)
        }
    }

    /// Clients are to come over TLS, and only so (IRCv3 sts).
    package struct StrictTransport: Sendable, Equatable {
        /// The port for TLS that clients without it are sent to.
        package var port: Int
        /// Seconds for which a client that came over TLS comes so again.
        package var duration: Int

        package init(port: Int, duration: Int) {
            (self.port, self.duration) = (port, duration)
        }
    }

    /// What is kept of what people say.
    package struct History: Sendable, Equatable {
        package var enabled = true
        /// Whether it also keeps who came and went, and what was changed in channels.
        package var events = true
        /// Whether those who enter a channel are told that what they say is kept.
        package var joinNotice = false
        /// Lines shown to those who enter a channel and whose clients do not ask for history.
        package var joinReplay = 0
        /// Lines of each channel shown to those who come back, likewise.
        package var catchUp = 100
        /// After how many days messages are deleted; 0: never.
        package var days = 0

        package init() {}
    }

    /// Who may have an account.
    package struct Accounts: Sendable, Equatable {
        /// Who may make an account with a password (`REGISTER`).
        package enum Registration: Sendable, Equatable {
            case off, open
            /// Whoever has a code.
            case invite
        }

        package var registration = Registration.open
        /// Whether the account of a DID may have a password.
        package var didPasswords = false
        /// Also before they are connected.
        package var beforeConnect = true
        /// Also under another name than their nickname.
        package var customName = false
        /// Whether an email address is needed, and proved with a code that is sent there.
        package var needsEmail = false
        /// Bytes of a password at least.
        package var passwordLength = 8
        /// Whether the name of a local account, and what else somebody reserved, is a nickname for nobody else.
        package var reservesNicks = true
        /// Whether SCRAM-SHA-256 is offered.
        package var scram = false
        /// Whether people may log in with an access token of their PDS.
        package var pdsMethods = false
        /// Accounts that one address may make within an hour.
        package var perHour = 5
        /// Nicknames that one account may reserve besides its name.
        package var nicknames = 5
        /// Channels that one account may register.
        package var channels = 20
        /// DIDs of those who operate the server.
        package var operators: Set<String> = []
        /// Who may be on the server; empty: everybody.
        package var allowed: [AllowedIdentity] = []
        /// How often the identity of somebody who is connected is looked up anew; nil: never.
        package var reviewInterval: Duration? = .seconds(3600)

        package init() {}
    }

    /// Who stays without a connection.
    package struct Presence: Sendable, Equatable {
        package enum Policy: String, Sendable, CaseIterable {
            case off
            case optIn = "opt-in"
            case optOut = "opt-out"
            case mandatory
        }

        package var policy = Policy.optIn
        /// Whether those without a connection are away, where they did not decide themselves.
        package var goesAway = true
        /// How long somebody may stay so; nil: for ever.
        package var expiry: Duration?

        package init() {}
    }
}
