import MainLoop

extension ServerConfiguration {
    /// Connections that have limits of their own. The first class that fits counts.
    package struct ConnectionClass: Sendable, Equatable {
        package var name: String
        /// Empty: any.
        package var addresses: [AddressRange] = []
        /// Empty: any.
        package var transports: Set<Peer.Transport> = []
        /// Names of gateways (WEBIRC) that they come from; empty: any, or none.
        package var gateways: Set<String> = []
        /// Whether somebody is logged in; nil: no matter.
        package var hasAccount: Bool?
        /// Connections of this class at the same time; nil: any number.
        package var maximum: Int?
        /// Whether only those who log in get in.
        package var requiresLogin = false
        /// What of ``Limits`` is another than for all.
        package var limits = LimitOverrides()

        package init(name: String) { self.name = name }

        /// Whether a connection is of this class.
        func includes(_ peer: Peer, gateway: String?, hasAccount: Bool) -> Bool {
            (addresses.isEmpty || addresses.contains { $0.contains(peer.address) })
                && (transports.isEmpty || transports.contains(peer.transport))
                && (gateways.isEmpty || gateway.map(gateways.contains) == true)
                && (self.hasAccount == nil || self.hasAccount == hasAccount)
        }
    }

    /// The limits of a class of connections; nil: as for all.
    package struct LimitOverrides: Sendable, Equatable {
        package var connectionsPerAddress: Int?
        package var registrationTimeout: Duration?
        package var pingInterval: Duration?
        package var sendQueue: Int?
        package var receiveQueue: Int?
        package var floodControl: Bool?
        package var floodBurst: Int?
        package var floodRate: Int?
        package var channelsPerClient: Int?

        package init() {}

        /// `limits` with what is another one here.
        func applied(to limits: Limits) -> Limits {
            var limits = limits
            if let connectionsPerAddress { limits.connectionsPerAddress = connectionsPerAddress }
            if let registrationTimeout { limits.registrationTimeout = registrationTimeout }
            if let pingInterval { limits.pingInterval = pingInterval }
            if let sendQueue { limits.sendQueue = sendQueue }
            if let receiveQueue { limits.receiveQueue = receiveQueue }
            if let floodControl { limits.floodControl = floodControl }
            if let floodBurst { limits.floodBurst = floodBurst }
            if let floodRate { limits.floodRate = floodRate }
            if let channelsPerClient { limits.channelsPerClient = channelsPerClient }
            return limits
        }
    }
}

/// What counts for the connections of one class, shared by all of them.
@LoopActor
final class ConnectionRules {
    /// Nil: connections of no class.
    let connectionClass: ServerConfiguration.ConnectionClass?
    let limits: ServerConfiguration.Limits
    /// How many connections there are.
    private(set) var count = 0

    init(_ connectionClass: ServerConfiguration.ConnectionClass?, _ limits: ServerConfiguration.Limits) {
        self.connectionClass = connectionClass
        self.limits = connectionClass?.limits.applied(to: limits) ?? limits
    }

    var name: String { connectionClass?.name ?? "*" }
    var isFull: Bool { connectionClass?.maximum.map { count >= $0 } ?? false }

    func enter() { count += 1 }
    func leave() { count -= 1 }
}
