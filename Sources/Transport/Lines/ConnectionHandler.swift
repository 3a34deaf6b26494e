import MainLoop
import NIOCore
import NIOSSL
import Server

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The receiving half of a TCP or TLS connection: cuts what comes into lines and hands them to the server.
///
/// One of these stands in each channel, which must run on the loop of ``LoopActor``. It enters the actor once per read.
/// How much a client can make the server hold is bounded by the server's receive queue; should the server ever ask for
/// less to be read, ``received(_:)`` is the place.
@LoopActor
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let edge: Edge
    private let transport: Peer.Transport
    private let fingerprint: String?
    private let proxy: ProxyHeader
    private var framer = LineFramer(limit: World.lineLimit)
    private var connection: LineConnection?
    private var session: (any LineSession)?
    private var endReason: String?

    /// - Parameter proxy: for whom the other end is connected, when it is a trusted proxy.
    init(_ edge: Edge, transport: Peer.Transport, fingerprint: String? = nil, proxy: ProxyHeader) {
        self.edge = edge
        self.transport = transport
        self.fingerprint = fingerprint
        self.proxy = proxy
    }

    nonisolated func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        if channel.isActive { LoopActor.assumeIsolated { self.open(channel) } }
    }

    nonisolated func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        LoopActor.assumeIsolated { self.open(channel) }
        context.fireChannelActive()
    }

    nonisolated func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Self.unwrapInboundIn(data)
        LoopActor.assumeIsolated { self.received(bytes) }
    }

    nonisolated func channelInactive(context: ChannelHandlerContext) {
        LoopActor.assumeIsolated { self.ended() }
        context.fireChannelInactive()
    }

    nonisolated func errorCaught(context: ChannelHandlerContext, error: any Error) {
        LoopActor.assumeIsolated { self.failed(error) }
        context.close(promise: nil)
    }

    private func open(_ channel: any Channel) {
        guard session == nil else { return }
        guard let address = channel.remoteAddress, let text = address.canonicalText else { return channel.reset() }
        // What a proxy takes off TLS goes on unencrypted: only within this machine can nobody read along.
        let isSecure = transport == .tls || proxy.isSecure && AddressGroup(text).isLoopback
        let peer = Peer(
            address: proxy.client?.address ?? text, port: proxy.client?.port ?? address.port ?? 0, isSecure: isSecure, transport: transport,
            certificateFingerprint: fingerprint)
        let connection = LineConnection(channel, peer: peer, clock: edge.clock)
        self.connection = connection
        edge.openConnections.add()
        session = edge.server.open(connection)
    }

    private func received(_ bytes: ByteBuffer) {
        guard let session, let connection else { return }
        var chunk = bytes
        while connection.isOpen, let frame = framer.next(in: &chunk) {
            switch frame {
            case .line(let line): session.receive(line)
            case .overlong: session.receiveOverlong()
            }
        }
    }

    private func failed(_ error: any Error) {
        guard endReason == nil else { return }
        switch error {
        case let error as IOError:
            endReason = error.errnoCode == ECONNRESET ? "Connection reset by peer" : "Connection error: \(systemText(error.errnoCode))"
        case NIOSSLError.uncleanShutdown, is ChannelError:
            break
        default:
            endReason = "TLS error"
        }
    }

    private func ended() {
        guard let session else { return }
        connection?.ended()
        connection = nil
        self.session = nil
        edge.openConnections.remove()
        session.disconnected(because: endReason ?? "Connection closed")
    }
}
