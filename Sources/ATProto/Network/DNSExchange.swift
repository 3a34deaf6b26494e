import MainLoop
import NIOCore
import NIOPosix

/// One question to one server and its answer.
struct DNSExchange: Sendable {
    let question: ByteBuffer
    let limit: TimeAmount
    /// Nil for what is no answer to the question; it is ignored, because anybody can send such.
    let parse: @Sendable (ByteBuffer) -> DNSMessage.Answer?

    func run(_ server: NetworkPolicy.Server, overTCP: Bool) async throws -> DNSMessage.Answer {
        let loop = LoopActor.eventLoop
        let promise = loop.makePromise(of: DNSMessage.Answer.self)
        let timer = loop.scheduleTask(in: limit) { promise.fail(ChannelError.connectTimeout(limit)) }
        promise.futureResult.whenComplete { _ in timer.cancel() }
        let channel: any Channel
        do {
            channel = try await connect(server, overTCP: overTCP, promise)
        } catch {
            promise.fail(error)
            throw error
        }
        promise.futureResult.whenComplete { _ in channel.close(promise: nil) }
        var request = ByteBuffer()
        if overTCP { request.writeInteger(UInt16(question.readableBytes)) }
        request.writeImmutableBuffer(question)
        channel.writeAndFlush(request).whenFailure { promise.fail($0) }
        return try await promise.futureResult.get()
    }

    /// A connected UDP socket takes packets of that server only.
    private func connect(
        _ server: NetworkPolicy.Server, overTCP: Bool, _ promise: EventLoopPromise<DNSMessage.Answer>
    ) async throws -> any Channel {
        let parse = parse
        if overTCP {
            return try await ClientBootstrap(group: LoopActor.group).connectTimeout(limit)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(DNSStreamHandler(parse: parse, promise: promise))
                    }
                }
                .connect(host: server.host, port: server.port).get()
        }
        return try await DatagramBootstrap(group: LoopActor.group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(DNSDatagramHandler(parse: parse, promise: promise))
                }
            }
            .connect(host: server.host, port: server.port).get()
    }
}

private final class DNSDatagramHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    private let parse: (ByteBuffer) -> DNSMessage.Answer?
    private let promise: EventLoopPromise<DNSMessage.Answer>

    init(parse: @escaping (ByteBuffer) -> DNSMessage.Answer?, promise: EventLoopPromise<DNSMessage.Answer>) {
        (self.parse, self.promise) = (parse, promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if let answer = parse(unwrapInboundIn(data).data) { promise.succeed(answer) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.close(promise: nil)
    }
}

private final class DNSStreamHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let parse: (ByteBuffer) -> DNSMessage.Answer?
    private let promise: EventLoopPromise<DNSMessage.Answer>
    private var received = ByteBuffer()

    init(parse: @escaping (ByteBuffer) -> DNSMessage.Answer?, promise: EventLoopPromise<DNSMessage.Answer>) {
        (self.parse, self.promise) = (parse, promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received.writeImmutableBuffer(unwrapInboundIn(data))
        guard let length = received.getInteger(at: received.readerIndex, as: UInt16.self),
            let message = received.getSlice(at: received.readerIndex + 2, length: Int(length))
        else { return }
        if let answer = parse(message) { promise.succeed(answer) } else { promise.fail(ChannelError.inappropriateOperationForState) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(ChannelError.inputClosed)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.close(promise: nil)
    }
}
