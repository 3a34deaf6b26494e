package import MainLoop
import NIOCore
import NIOHTTP1
package import Store
package import Transport

/// The HTTP side of the daemon: the broker's routes and IRC over WebSocket.
///
/// It speaks HTTP/1.1 without TLS, for loopback or a reverse proxy.
@LoopActor
package final class Sidecar {
    package private(set) var configuration: SidecarConfiguration
    let edge: Edge
    /// What a certificate authority finds.
    package let challenges: ChallengeAnswers
    private(set) var router: Router
    /// What the routes for monitoring tell of; set once everything has started.
    package weak var monitored: (any Monitored)? {
        didSet { router.monitored = monitored }
    }
    /// What the routes for administration act on; set once everything has started.
    package weak var control: (any Controlled)? {
        didSet { router.control = control }
    }
    /// Answers by the first digit of their status.
    package private(set) var answers = [0, 0, 0, 0, 0, 0]
    private let broker: any BrokerServing
    private let server: any ServerServing
    private let tokens: APITokenStore
    private var connections: [ObjectIdentifier: HTTPConnection] = [:]
    private var requests = 0
    private(set) var isStopping = false

    /// - Parameter edge: the same as that of the TCP listeners, so that all IRC connections are counted together.
    package init(
        _ configuration: SidecarConfiguration, broker: any BrokerServing, server: any ServerServing, tokens: APITokenStore, edge: Edge
    ) {
        self.configuration = configuration
        self.broker = broker
        self.server = server
        self.tokens = tokens
        self.edge = edge
        challenges = ChallengeAnswers(edge)
        router = Router(configuration, broker: broker, server: server, tokens: tokens, clock: edge.clock, logger: edge.logger)
        router.challenges = challenges
    }

    /// Takes over a changed configuration, for requests that begin from now on.
    package func reconfigure(_ configuration: SidecarConfiguration) {
        guard configuration != self.configuration else { return }
        self.configuration = configuration
        router = Router(configuration, broker: broker, server: server, tokens: tokens, clock: edge.clock, logger: edge.logger)
        (router.monitored, router.control, router.challenges) = (monitored, control, challenges)
    }

    /// Binds a port; it accepts after `Listener.start()`.
    package func listen(on address: ListenAddress, key: String = "listen.http") async throws(BindError) -> Listener {
        try await Listener.bind(address, key: key, edge: edge) { channel in
            let pipeline = channel.pipeline.syncOperations
            let limits = self.configuration.limits
            var decoding = NIOHTTPDecoderLimitConfiguration()
            decoding.maxHeaderFieldSize = limits.headerField
            decoding.maxHeaderListSize = limits.header
            decoding.maxHeaderFieldCount = limits.headerFields
            try pipeline.addHandler(HTTPResponseEncoder())
            try pipeline.addHandler(
                ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: decoding)))
            // One request at a time, however many the client has sent.
            try pipeline.addHandler(HTTPServerPipelineHandler())
            try pipeline.addHandler(HTTPConnection(self))
        }
    }

    /// Stops serving: idle connections close at once, others after their answer. Call it after the listeners' `stop()`.
    package func stop() {
        isStopping = true
        for connection in Array(connections.values) { connection.stop() }
    }

    /// HTTP connections that are open.
    package var connectionCount: Int { connections.count }

    // MARK: For connections

    /// Counts a connection in, unless there are too many.
    func add(_ connection: HTTPConnection) -> Bool {
        guard connections.count < configuration.limits.connections, !isStopping else { return false }
        connections[ObjectIdentifier(connection)] = connection
        return true
    }

    func remove(_ connection: HTTPConnection) {
        connections[ObjectIdentifier(connection)] = nil
    }

    /// Counts a request in, unless too many are being worked on.
    func beginRequest() -> Bool {
        guard requests < configuration.limits.requests else { return false }
        requests += 1
        return true
    }

    /// Counts an answer.
    func answered(_ status: UInt) {
        answers[min(Int(status) / 100, 5)] += 1
    }

    func endRequest() {
        requests -= 1
    }
}
