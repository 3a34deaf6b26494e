import Logging
import MainLoop
import NIOCore

/// Stands first in the channel of a connection from a trusted proxy until its header has come, then makes way for the handlers of
/// the client, which begin as if the client itself were connected.
@LoopActor
final class ProxyHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    /// How long the header may take: a proxy sends it with the first packet.
    nonisolated static let timeout: Duration = .seconds(5)

    private let edge: Edge
    private let requiresHeader: Bool
    private let proceed: @LoopActor (any Channel, ProxyHeader) throws -> Void
    private var held = ByteBuffer()
    private var timer: (any LoopTimer)?

    /// - Parameter proceed: adds the handlers of the client.
    init(_ edge: Edge, requiresHeader: Bool, proceed: @escaping @LoopActor (any Channel, ProxyHeader) throws -> Void) {
        (self.edge, self.requiresHeader, self.proceed) = (edge, requiresHeader, proceed)
    }

    nonisolated func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        LoopActor.assumeIsolated { self.begin(channel) }
    }

    nonisolated func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Self.unwrapInboundIn(data)
        let channel = context.channel
        LoopActor.assumeIsolated { self.received(bytes, channel) }
    }

    nonisolated func channelInactive(context: ChannelHandlerContext) {
        LoopActor.assumeIsolated { self.stopTimer() }
        context.fireChannelInactive()
    }

    private func begin(_ channel: any Channel) {
        timer = edge.clock.schedule(after: Self.timeout) { [weak self] in self?.tooLate(channel) }
    }

    private func stopTimer() {
        timer?.cancel()
        timer = nil
    }

    /// A client that waits for the server to speak first, as with TLS or a quiet line, is let in without a header where it may be.
    private func tooLate(_ channel: any Channel) {
        if requiresHeader || held.readableBytes > 0 { refuse(channel) } else { finish(ProxyHeader(), channel) }
    }

    private func received(_ bytes: ByteBuffer, _ channel: any Channel) {
        held.writeImmutableBuffer(bytes)
        switch ProxyHeader.read(&held) {
        case .incomplete: break
        case .header(let header): finish(header, channel)
        case .absent where !requiresHeader: finish(ProxyHeader(), channel)
        case .absent, .malformed: refuse(channel)
        }
    }

    private func refuse(_ channel: any Channel) {
        stopTimer()
        edge.logger.warning("proxy.refused", metadata: ["address": "\(channel.remoteAddress?.canonicalText ?? "?")"])
        channel.reset()
    }

    private func finish(_ header: ProxyHeader, _ channel: any Channel) {
        stopTimer()
        let rest = held
        held = ByteBuffer()
        do {
            try proceed(channel, header)
            let me = try channel.pipeline.syncOperations.context(handler: self)
            if rest.readableBytes > 0 { me.fireChannelRead(Self.wrapInboundOut(rest)) }
            channel.pipeline.syncOperations.removeHandler(context: me, promise: nil)
        } catch {
            edge.logger.error("proxy.failed", metadata: ["error": "\(error)"])
            channel.reset()
        }
    }
}

extension ProxyHandler {
    typealias InboundOut = ByteBuffer
}

extension Edge {
    /// Sets up an accepted channel: at once, or when the proxy that it comes from has said for whom.
    ///
    /// - Parameter proceed: adds the handlers of the client; the header says who that is.
    func welcome(_ channel: any Channel, _ proceed: @escaping @LoopActor (any Channel, ProxyHeader) throws -> Void) throws {
        guard let address = channel.remoteAddress?.canonicalText, proxies.trust(address) else { return try proceed(channel, ProxyHeader()) }
        try channel.pipeline.syncOperations.addHandler(
            ProxyHandler(self, requiresHeader: proxies.requiresHeader, proceed: proceed))
    }
}
