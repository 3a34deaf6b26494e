import Crypto
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension TestIRCClient {
    /// Connects; over TLS the handshake is complete when this returns, over a WebSocket the upgrade.
    package static func connect(port: Int, host: String = "127.0.0.1", _ transport: Transport = .plain) async throws -> TestIRCClient {
        switch transport {
        case .plain: try await connectPlain(host, port)
        case .tls(let certificate, let preamble, let name, let protocols):
            try await connectTLS(host, port, certificate, preamble, name: name, protocols: protocols)
        case .webSocket(let subprotocols, let origin, let path):
            try await connectWebSocket(host, port, subprotocols: subprotocols, origin: origin, path: path)
        }
    }

    private static var bootstrap: ClientBootstrap {
        ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connectTimeout(TimeAmount(patience))
    }

    private static func connectPlain(_ host: String, _ port: Int) async throws -> TestIRCClient {
        let inbox = TestIRCClientInbox()
        let channel = try await bootstrap.channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(StreamHandler(inbox)) }
        }.connect(host: host, port: port).get()
        return TestIRCClient(channel, inbox: inbox)
    }

    private static func connectTLS(
        _ host: String, _ port: Int, _ certificate: TestIRCClientCertificate?, _ preamble: String, name: String?, protocols: [String]
    ) async throws -> TestIRCClient {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        configuration.applicationProtocols = protocols
        if let certificate {
            configuration.certificateChain = [.certificate(try NIOSSLCertificate(bytes: certificate.certificateBytes, format: .pem))]
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: certificate.keyBytes, format: .pem))
        }
        let context = try NIOSSLContext(configuration: configuration)
        let inbox = TestIRCClientInbox()
        let handshake = MultiThreadedEventLoopGroup.singleton.next().makePromise(of: String?.self)
        let channel: any Channel
        do {
            channel = try await bootstrap.channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if !preamble.isEmpty { try channel.pipeline.syncOperations.addHandler(Preamble(preamble)) }
                    try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: context, serverHostname: name))
                    try channel.pipeline.syncOperations.addHandler(HandshakeWaiter(handshake))
                    try channel.pipeline.syncOperations.addHandler(StreamHandler(inbox))
                }
            }.connect(host: host, port: port).get()
        } catch {
            handshake.fail(error)
            throw error
        }
        return TestIRCClient(channel, inbox: inbox, serverFingerprint: try await handshake.futureResult.get())
    }

    private static func connectWebSocket(
        _ host: String, _ port: Int, subprotocols: [String], origin: String?, path: String
    ) async throws -> TestIRCClient {
        let inbox = TestIRCClientInbox()
        let answer = MultiThreadedEventLoopGroup.singleton.next().makePromise(of: String?.self)
        let channel: any Channel
        do {
            channel = try await bootstrap.channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try configureWebSocket(channel, inbox: inbox, answer: answer) }
            }.connect(host: host, port: port).get()
        } catch {
            answer.fail(error)
            throw error
        }
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path)
        head.headers = ["Host": "\(host):\(port)"]
        if let origin { head.headers.add(name: "Origin", value: origin) }
        if !subprotocols.isEmpty { head.headers.add(name: "Sec-WebSocket-Protocol", value: subprotocols.joined(separator: ", ")) }
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        return TestIRCClient(channel, inbox: inbox, isWebSocket: true, subprotocol: try await answer.futureResult.get())
    }

    private static func configureWebSocket(_ channel: any Channel, inbox: TestIRCClientInbox, answer: EventLoopPromise<String?>) throws {
        let refusal = RefusalHandler(answer)
        let upgrader = NIOWebSocketClientUpgrader(maxFrameSize: 1 << 20, automaticErrorHandling: false) { channel, head in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(FrameHandler(inbox))
                answer.succeed(head.headers.first(name: "Sec-WebSocket-Protocol"))
            }
        }
        let removal = NIOLoopBound(refusal, eventLoop: channel.eventLoop)
        try channel.pipeline.syncOperations.addHTTPClientHandlers(
            withClientUpgrade: (
                upgraders: [upgrader],
                completionHandler: { context in
                    context.pipeline.syncOperations.removeHandler(removal.value, promise: nil)
                }
            ))
        try channel.pipeline.syncOperations.addHandler(refusal)
    }
}

/// Makes lines of a stream.
private final class StreamHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let inbox: TestIRCClientInbox
    private var rest = ByteBuffer()

    init(_ inbox: TestIRCClientInbox) {
        self.inbox = inbox
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        rest.writeImmutableBuffer(unwrapInboundIn(data))
        while let end = rest.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
            guard let line = rest.readSlice(length: end - rest.readerIndex + 1) else { return }
            inbox.received(text(of: line))
        }
        rest.discardReadBytes()
    }

    func channelInactive(context: ChannelHandlerContext) {
        inbox.ended(.closed)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        inbox.ended(end(by: error))
        context.close(promise: nil)
    }
}

/// Makes lines of WebSocket messages and answers close frames.
private final class FrameHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let inbox: TestIRCClientInbox

    init(_ inbox: TestIRCClientInbox) {
        self.inbox = inbox
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        var payload = frame.unmaskedData
        switch frame.opcode {
        case .text, .binary: inbox.received(text(of: payload))
        case .pong: inbox.received("(pong) " + text(of: payload))
        case .connectionClose:
            if let code = payload.readWebSocketErrorCode() { inbox.received(code) }
            let answer = WebSocketFrame(fin: true, opcode: .connectionClose, maskKey: .random(), data: frame.unmaskedData)
            context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        default: break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        inbox.ended(.closed)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        inbox.ended(end(by: error))
        context.close(promise: nil)
    }
}

/// Takes the answer of a server that opens no WebSocket.
private final class RefusalHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let answer: EventLoopPromise<String?>

    init(_ answer: EventLoopPromise<String?>) {
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data) else { return }
        answer.fail(TestIRCClient.Failure.refused(status: Int(head.status.code)))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        answer.fail(TestIRCClient.Failure.ended(.closed, "an HTTP answer", lines: []))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer.fail(error)
        context.close(promise: nil)
    }
}

/// Tells when the TLS handshake is complete.
private final class HandshakeWaiter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let promise: EventLoopPromise<String?>

    init(_ promise: EventLoopPromise<String?>) {
        self.promise = promise
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let tls = try? context.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self), let certificate = tls.peerCertificate,
            let bytes = try? certificate.toDERBytes()
        {
            promise.succeed(TestIRCClientCertificate.hex(SHA256.hash(data: bytes)))
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(TestIRCClient.Failure.ended(.closed, "the TLS handshake", lines: []))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.fireErrorCaught(error)
    }
}

private func text(of line: ByteBuffer) -> String {
    var text = String(buffer: line)
    while text.last?.isNewline == true { text.removeLast() }
    return text
}

private func end(by error: any Error) -> TestIRCClient.End {
    (error as? IOError)?.errnoCode == ECONNRESET ? .reset : .failed("\(error)")
}

/// Says something in clear before everything else.
private final class Preamble: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let text: String

    init(_ text: String) {
        self.text = text
    }

    func channelActive(context: ChannelHandlerContext) {
        context.write(Self.wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        context.fireChannelActive()
    }
}
