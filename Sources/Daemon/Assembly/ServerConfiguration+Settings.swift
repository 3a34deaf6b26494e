import IRCProtocol
package import Server
package import Settings

extension ServerConfiguration {
    /// - Parameter motd: the lines of the message of the day.
    package init(_ settings: Settings, motd: [String]) {
        self.init()
        name = settings.server.name
        network = settings.server.network
        description = settings.server.description
        self.motd = motd
        passwordHash = settings.server.password
        admin = [settings.admin.location, settings.admin.organisation, settings.admin.email].filter { !$0.isEmpty }
        defaultUserModes = settings.server.defaultUserModes
        webAddress = settings.broker.publicURL
        icon = settings.server.icon ?? ""
        deniedClientTags = settings.server.deniedClientTags
        if settings.tls.stsPort != 0 {
            strictTransport = StrictTransport(port: settings.tls.stsPort, duration: Int(settings.tls.stsDuration.components.seconds))
        }
        gateways = settings.listen.gateways.map { Gateway(name: $0.name, password: $0.password, addresses: $0.addresses) }
        webPush = settings.server.webPush
        tokenServices = settings.server.tokenServices.map {
            ServerConfiguration.TokenService(name: $0.name, url: $0.url, addresses: $0.addresses, description: $0.purpose)
        }
        blockLists = settings.dnsbl.lists.map { BlockList($0) }
        blockListExemptions = settings.dnsbl.exempt.compactMap { AddressRange($0) }
        limits = Limits(settings.limits)
        limits.historyPage = settings.history.page
        connectionClasses = settings.limits.classes.map { ConnectionClass($0) }
        accounts = Accounts(settings.accounts)
        accounts.pdsMethods = settings.identity.pdsMethods
        presence = Presence(settings.accounts)
        operators = Operators(settings.operators)
        history.enabled = settings.history.enabled
        history.events = settings.history.events
        history.joinNotice = settings.history.joinNotice
        history.joinReplay = settings.history.joinReplay
        history.catchUp = settings.history.catchUp
        history.days = settings.history.retentionDays
    }
}

extension BlockList {
    fileprivate init(_ list: DNSBlockList) {
        let action: Action =
            switch list.action {
            case .reject: .reject
            case .requireLogin: .requireLogin
            case .mark: .mark
            }
        self.init(zone: list.zone, replies: list.replies, action: action)
    }
}

extension ServerConfiguration.Limits {
    fileprivate init(_ limits: Settings.Limits) {
        self.init()
        connectionsPerAddress = limits.connectionsPerAddress == 0 ? .max : limits.connectionsPerAddress
        registrationTimeout = limits.registrationTimeout
        pingInterval = limits.pingInterval
        pingTimeout = limits.pingTimeout
        sendQueue = limits.sendQueue
        sendQueueAge = limits.sendQueueAge
        receiveQueue = limits.receiveQueue
        floodControl = limits.floodControl
        floodBurst = limits.floodBurst
        floodRate = limits.floodRate
        nick = limits.nickLength
        user = limits.userLength
        realname = limits.realnameLength
        channel = limits.channelLength
        topic = limits.topicLength
        kick = limits.kickLength
        away = limits.awayLength
        quit = limits.quitLength
        key = limits.keyLength
        channelsPerClient = limits.channelsPerClient
        listEntries = limits.listEntries
        metadataKeys = limits.metadataKeys
        metadataSubscriptions = limits.metadataSubscriptions
        multilineBytes = limits.multilineBytes
        multilineLines = limits.multilineLines
        monitor = limits.monitorEntries
        targets = limits.targets
        whowas = limits.whowasEntries
    }
}

extension ServerConfiguration.Accounts {
    fileprivate init(_ accounts: Settings.Accounts) {
        self.init()
        registration =
            switch accounts.registration {
            case .off: .off
            case .open: .open
            case .invite: .invite
            }
        didPasswords = accounts.didPasswords
        beforeConnect = accounts.beforeConnect
        customName = accounts.customName
        needsEmail = accounts.needsEmail
        passwordLength = accounts.passwordLength
        scram = accounts.scram
        reservesNicks = accounts.reserveNicks
        perHour = accounts.perHour
        nicknames = accounts.nicknames
        channels = accounts.channels
        operators = Set(accounts.operators)
        allowed = accounts.allowed.map { AllowedIdentity($0) }
        reviewInterval = accounts.recheckMinutes == 0 ? nil : .seconds(60 * accounts.recheckMinutes)
    }
}

extension ServerConfiguration.ConnectionClass {
    fileprivate init(_ settings: ClientClass) {
        self.init(name: settings.name)
        addresses = settings.addresses.compactMap { AddressRange($0) }
        transports = Set(
            settings.transports.map { transport -> Peer.Transport in
                switch transport {
                case .tcp: .tcp
                case .tls: .tls
                case .websocket: .webSocket
                }
            })
        gateways = Set(settings.gateways)
        hasAccount = settings.loggedIn
        maximum = settings.maximum
        requiresLogin = settings.requiresLogin ?? false
        limits.connectionsPerAddress = settings.connectionsPerAddress.map { $0 == 0 ? .max : $0 }
        limits.registrationTimeout = settings.registrationTimeout
        limits.pingInterval = settings.pingInterval
        limits.sendQueue = settings.sendQueue
        limits.receiveQueue = settings.receiveQueue
        limits.floodControl = settings.floodControl
        limits.floodBurst = settings.floodBurst
        limits.floodRate = settings.floodRate
        limits.channelsPerClient = settings.channelsPerClient
    }
}

extension ServerConfiguration.Operators {
    fileprivate init(_ settings: Settings.Operators) {
        self.init()
        for one in settings.classes {
            let chain = OperatorClass.chain(from: one.name, in: settings.classes)
            classes[one.name] = Class(
                name: one.name, privileges: chain.reduce(into: []) { $0.formUnion($1.privileges) },
                whoisLine: chain.lazy.compactMap(\.whoisLine).first)
            if let notices = chain.lazy.compactMap(\.notices).first { classes[one.name]?.notices = NoticeMask(notices) }
        }
        for assignment in settings.assigned { assign(assignment.className, to: assignment.operatorName) }
        defaultClass = settings.defaultClass
    }
}

extension ServerConfiguration.Presence {
    fileprivate init(_ accounts: Settings.Accounts) {
        self.init()
        policy =
            switch accounts.alwaysOn {
            case .off: .off
            case .optIn: .optIn
            case .optOut: .optOut
            case .mandatory: .mandatory
            }
        goesAway = accounts.autoAway
        expiry = accounts.alwaysOnDays == 0 ? nil : .seconds(86_400 * accounts.alwaysOnDays)
    }
}
