import Crypto
import Logging
import MainLoop
import NIOCore
import NIOSSL
import NIOTLS
import Server

/// Stands behind TLS until the handshake is complete, then makes way for the ``ConnectionHandler``: the server hears of
/// a client only when it is known who it is.
@LoopActor
final class HandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let edge: Edge
    private let handshakes: Handshakes
    private let proxy: ProxyHeader
    private var timer: (any LoopTimer)?
    private var isCounted = false

    init(_ edge: Edge, handshakes: Handshakes, proxy: ProxyHeader) {
        self.edge = edge
        self.handshakes = handshakes
        self.proxy = proxy
    }

    nonisolated func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        if channel.isActive { LoopActor.assumeIsolated { self.begin(channel) } }
    }

    nonisolated func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        LoopActor.assumeIsolated { self.begin(channel) }
        context.fireChannelActive()
    }

    nonisolated func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? TLSUserEvent, case .handshakeCompleted(let negotiated) = event {
            // An authority that wanted to see a certificate has seen it (RFC 8737 section 3).
            guard negotiated != CurrentCertificates.challengeProtocol else { return context.close(promise: nil) }
            let channel = context.channel
            LoopActor.assumeIsolated { self.complete(channel) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    nonisolated func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Scanners and plain-text clients end here all day long.
        LoopActor.assumeIsolated { self.failed(error) }
        context.close(promise: nil)
    }

    nonisolated func handlerRemoved(context: ChannelHandlerContext) {
        LoopActor.assumeIsolated { self.end() }
    }

    private func failed(_ error: any Error) {
        edge.handshakes.count(.failed)
        edge.logger.debug("tls.failed", metadata: ["error": "\(error)"])
    }

    private func begin(_ channel: any Channel) {
        guard !isCounted else { return }
        guard handshakes.begin() else {
            edge.handshakes.count(.refused)
            return channel.reset()
        }
        isCounted = true
        timer = edge.clock.schedule(after: Handshakes.timeout) { [edge] in
            edge.handshakes.count(.timeout)
            channel.reset()
        }
    }

    private func complete(_ channel: any Channel) {
        let pipeline = channel.pipeline.syncOperations
        do {
            let certificate = try pipeline.handler(type: NIOSSLServerHandler.self).peerCertificate
            let fingerprint = try certificate.map { try Self.fingerprint($0) }
            try pipeline.addHandler(ConnectionHandler(edge, transport: .tls, fingerprint: fingerprint, proxy: proxy))
            pipeline.removeHandler(self, promise: nil)
            edge.handshakes.count(.done)
        } catch {
            edge.logger.debug("tls.dropped", metadata: ["error": "\(error)"])
            channel.reset()
        }
    }

    private func end() {
        timer?.cancel()
        timer = nil
        if isCounted {
            isCounted = false
            handshakes.end()
        }
    }

    /// Lower-case hex SHA-256 of the certificate's DER form.
    private static func fingerprint(_ certificate: NIOSSLCertificate) throws -> String {
        try SHA256.hash(data: certificate.toDERBytes()).hexText
    }
}

/// The handshakes under way at one listener. They are not clients yet, so the server's limits do not know them.
@LoopActor
final class Handshakes {
    /// How long one may take.
    nonisolated static let timeout: Duration = .seconds(10)

    private let limit: Int
    private var count = 0
    private var log: RareLog
    private let edge: Edge

    init(limit: Int, edge: Edge) {
        self.limit = limit
        self.edge = edge
        log = RareLog(edge.clock, every: .seconds(60))
    }

    /// Counts one more, unless there are too many.
    func begin() -> Bool {
        guard count < limit else {
            if log.isDue() { edge.logger.warning("tls.busy", metadata: ["limit": "\(limit)"]) }
            return false
        }
        count += 1
        return true
    }

    func end() {
        count -= 1
    }
}

extension SHA256.Digest {
    /// Lower-case hexadecimal digits.
    var hexText: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
