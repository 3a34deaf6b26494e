import Logging
import MainLoop
import NIOCore

/// Stands first in a TLS connection until the client has said which host it wants, then makes way for the rest. The
/// ``HandshakeHandler`` behind it watches the time.
@LoopActor
final class ClientHelloHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let edge: Edge
    private let proceed: @LoopActor (any Channel, ClientHello?) throws -> Void
    private var held = ByteBuffer()
    private var isDone = false

    /// - Parameter proceed: adds TLS after this handler; nil when what came is no hello, which TLS will answer.
    init(_ edge: Edge, proceed: @escaping @LoopActor (any Channel, ClientHello?) throws -> Void) {
        (self.edge, self.proceed) = (edge, proceed)
    }

    nonisolated func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Self.unwrapInboundIn(data)
        let channel = context.channel
        LoopActor.assumeIsolated { self.received(bytes, channel) }
    }

    private func received(_ bytes: ByteBuffer, _ channel: any Channel) {
        guard !isDone else { return }
        held.writeImmutableBuffer(bytes)
        switch ClientHello.read(held) {
        case .incomplete: break
        case .hello(let hello): finish(hello, channel)
        case .other: finish(nil, channel)
        }
    }

    private func finish(_ hello: ClientHello?, _ channel: any Channel) {
        isDone = true
        let rest = held
        held = ByteBuffer()
        do {
            try proceed(channel, hello)
            let me = try channel.pipeline.syncOperations.context(handler: self)
            me.fireChannelRead(Self.wrapInboundOut(rest))
            channel.pipeline.syncOperations.removeHandler(context: me, promise: nil)
        } catch {
            edge.logger.error("a TLS connection could not be set up: \(error)")
            channel.reset()
        }
    }
}
