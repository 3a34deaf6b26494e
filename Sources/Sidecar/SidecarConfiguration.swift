package import Foundation
package import Server

/// What the operator decides about the HTTP side. A value: a reload replaces it whole.
package struct SidecarConfiguration: Sendable, Equatable {
    /// The origin that browsers reach this listener under, as in `https://irc.example.com`: no path, no default port.
    package var publicOrigin: String
    /// Other origins whose pages may talk to this server: those a login may return to.
    package var allowedOrigins: [String]
    /// The name of the IRC server and of its network.
    package var serverName: String
    package var network: String
    package var version: String
    /// One line for each way to connect besides the WebSocket, such as `irc.example.com, port 6697, TLS`.
    package var addresses: [String]
    /// What `/.well-known/did.json` answers, JSON; nil: this server has no DID.
    package var didDocument: Data?
    /// Whether `/` is the web client. Without it, it tells how to connect.
    package var hasWebClient = true
    package var limits = SidecarLimits()
    /// Who may read the metrics without a token.
    package var metricsFrom: [AddressRange] = []

    /// Whether browsers reach it over https.
    var isSecure: Bool { publicOrigin.hasPrefix("https://") }

    package init(
        publicOrigin: String, allowedOrigins: [String] = [], serverName: String, network: String, version: String, addresses: [String] = []
    ) {
        self.publicOrigin = publicOrigin
        self.allowedOrigins = allowedOrigins
        self.serverName = serverName
        self.network = network
        self.version = version
        self.addresses = addresses
    }
}

/// Bounds on what HTTP clients may take. Lengths in bytes.
package struct SidecarLimits: Sendable, Equatable {
    /// HTTP connections at once; those that became WebSockets do not count, the IRC server limits them.
    package var connections = 1024
    /// Requests that are being worked on, also for callers that have gone.
    package var requests = 1024
    package var body = 64 << 10
    /// One header field, and all of them together.
    package var headerField = 16 << 10
    package var header = 32 << 10
    package var headerFields = 100
    /// How long a new connection may take to send its first request line and header.
    package var headTime: Duration = .seconds(10)
    /// How long a body may take.
    package var bodyTime: Duration = .seconds(15)
    /// How long a connection may wait for its next request.
    package var idleTime: Duration = .seconds(60)
    /// Unknown broker tokens that one address may show per minute.
    package var unknownTokens = 20
    /// Logins that one address may begin per minute.
    package var logins = 20
    /// Reports of what a browser kept the web client from doing that one address may send per minute.
    package var reports = 20
    /// Addresses that are remembered for each of these.
    package var countedAddresses = 4096
    /// Whether loopback is counted too. A reverse proxy on this machine brings everybody's requests from there, and one
    /// of them must not shut out the others.
    package var countsLoopback = false
    /// One WebSocket message, and one frame of it.
    package var webSocketMessage = 32 << 10

    package init() {}
}
