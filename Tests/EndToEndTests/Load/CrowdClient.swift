import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// One of many TLS clients of a load test: cheap, counts what it reads, keeps only what it was told to look for.
final class CrowdClient: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer

    /// What a test waits for: a line that contains `text`, seen since the client connected.
    private struct Waiter {
        let text: String
        let promise: EventLoopPromise<String>
    }

    // All of these live on the loop of the channel.
    private var rest = ByteBuffer()
    private var waiters: [Waiter] = []
    private var collecting: (prefix: String, lines: [String])?
    private var collected: (count: Int, promise: EventLoopPromise<[String]>)?
    private(set) var channel: (any Channel)!

    /// Connects over TLS; certificates are not verified, because each test server makes its own.
    static func connect(port: Int, context: NIOSSLContext, group: any EventLoopGroup, receiveBuffer: Int? = nil) async throws -> CrowdClient
    {
        let client = CrowdClient()
        var bootstrap = ClientBootstrap(group: group).connectTimeout(.seconds(60))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        NIOSSLClientHandler(context: context, serverHostname: nil), client)
                }
            }
        if let receiveBuffer { bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: .init(receiveBuffer)) }
        client.channel = try await bootstrap.connect(host: "127.0.0.1", port: port).get()
        return client
    }

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    /// The first line from now on that contains `text`. Fails when the connection closes before.
    func line(containing text: String) async throws -> String {
        try await channel.eventLoop.flatSubmit {
            let promise = self.channel.eventLoop.makePromise(of: String.self)
            self.waiters.append(Waiter(text: text, promise: promise))
            return promise.futureResult
        }.get()
    }

    /// Sends `text` and returns the first line after it that contains `answer`.
    func ask(_ text: String, for answer: String) async throws -> String {
        try await channel.eventLoop.flatSubmit {
            let promise = self.channel.eventLoop.makePromise(of: String.self)
            self.waiters.append(Waiter(text: answer, promise: promise))
            self.channel.writeAndFlush(ByteBuffer(string: text)).cascadeFailure(to: promise)
            return promise.futureResult
        }.get()
    }

    /// Keeps every line that contains `prefix` from now on.
    func collect(_ prefix: String) async throws {
        try await channel.eventLoop.submit { self.collecting = (prefix, []) }.get()
    }

    /// The collected lines once there are `count` of them.
    func collectedLines(_ count: Int) async throws -> [String] {
        try await channel.eventLoop.flatSubmit {
            let promise = self.channel.eventLoop.makePromise(of: [String].self)
            self.collected = (count, promise)
            self.checkCollected()
            return promise.futureResult
        }.get()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        rest.writeBuffer(&bytes)
        while let end = rest.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
            let line = rest.readString(length: end - rest.readerIndex + 1) ?? ""
            take(line.hasSuffix("\r\n") ? String(line.dropLast(1)) : line)
        }
        rest.discardReadBytes()
    }

    func channelInactive(context: ChannelHandlerContext) {
        for waiter in waiters { waiter.promise.fail(ChannelError.inputClosed) }
        waiters = []
        collected?.promise.fail(ChannelError.inputClosed)
        collected = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func take(_ line: String) {
        if line.hasPrefix("PING") {
            channel.writeAndFlush(ByteBuffer(string: "PONG" + line.dropFirst(4) + "\r\n"), promise: nil)
        }
        if let prefix = collecting?.prefix, line.contains(prefix) {
            collecting?.lines.append(line)
            checkCollected()
        }
        for (index, waiter) in waiters.enumerated().reversed() where line.contains(waiter.text) {
            waiters.remove(at: index)
            waiter.promise.succeed(line)
        }
    }

    private func checkCollected() {
        guard let wanted = collected, let lines = collecting?.lines, lines.count >= wanted.count else { return }
        collected = nil
        wanted.promise.succeed(lines)
    }
}
