import MainLoop
import NIOCore
import NIOHTTP1
import Transport

/// One HTTP connection: collects a request, has it answered, and goes on with the next.
@LoopActor
final class HTTPConnection: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Phase {
        /// For the head of a request.
        case waiting
        case receiving(HTTPRequestHead)
        /// For the other end to take the answers before: a request that is whole waits.
        case blocked(HTTPRequestHead)
        case answering
        /// What still comes is dropped until the other end closes.
        case closing
        /// It is a WebSocket now, or gone.
        case left
    }

    let sidecar: Sidecar
    private var channel: (any Channel)?
    private(set) var address = ""
    private(set) var port = 0
    private var phase = Phase.waiting
    private var body = ByteBuffer()
    private var timer: (any LoopTimer)?

    init(_ sidecar: Sidecar) {
        self.sidecar = sidecar
    }

    nonisolated func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        LoopActor.assumeIsolated { self.open(channel) }
        context.fireChannelActive()
    }

    nonisolated func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = Self.unwrapInboundIn(data)
        LoopActor.assumeIsolated { self.received(part) }
    }

    nonisolated func channelWritabilityChanged(context: ChannelHandlerContext) {
        let isWritable = context.channel.isWritable
        LoopActor.assumeIsolated { if isWritable { self.unblock() } }
        context.fireChannelWritabilityChanged()
    }

    nonisolated func channelInactive(context: ChannelHandlerContext) {
        LoopActor.assumeIsolated { self.leave() }
        context.fireChannelInactive()
    }

    nonisolated func errorCaught(context: ChannelHandlerContext, error: any Error) {
        LoopActor.assumeIsolated { self.failed(error) }
    }

    private func open(_ channel: any Channel) {
        guard let remote = channel.remoteAddress, let text = remote.canonicalText, sidecar.add(self) else {
            phase = .left
            return channel.close(promise: nil)
        }
        self.channel = channel
        address = text
        port = remote.port ?? 0
        expire(after: sidecar.configuration.limits.headTime)
    }

    private func received(_ part: HTTPServerRequestPart) {
        switch (part, phase) {
        case (.head(let head), .waiting):
            phase = .receiving(head)
            expire(after: sidecar.configuration.limits.bodyTime)
        case (.body(let bytes), .receiving(let head)):
            guard body.readableBytes + bytes.readableBytes <= sidecar.configuration.limits.body else {
                return send(.refusal(.payloadTooLarge, "The body is too large", at: head.uri), to: head, isLast: true)
            }
            body.writeImmutableBuffer(bytes)
        case (.end, .receiving(let head)):
            // Somebody who asks and never reads would fill the memory with answers.
            guard channel?.isWritable == true else {
                phase = .blocked(head)
                return expire(after: sidecar.configuration.limits.idleTime)
            }
            phase = .answering
            timer?.cancel()
            answer(head)
        default:
            break
        }
    }

    private func unblock() {
        guard case .blocked(let head) = phase else { return }
        phase = .answering
        timer?.cancel()
        answer(head)
    }

    /// Who asks: whoever is connected, or the one a trusted proxy names.
    func origin(of headers: HTTPHeaders) -> String {
        sidecar.edge.proxies.origin(of: address, forwarded: headers["X-Forwarded-For"])
    }

    private func answer(_ head: HTTPRequestHead) {
        guard let target = RequestTarget(head.uri) else {
            return send(.text(.badRequest, "The request target must be a path"), to: head, isLast: true)
        }
        let request = HTTPRequest(
            method: head.method, target: target, headers: head.headers, body: body, address: origin(of: head.headers))
        if Router.webSocketPaths.contains(target.path), let handshake = WebSocketHandshake(head),
            sidecar.router.origins.mayAct(request.origin, host: request.host), let channel
        {
            return upgrade(channel, handshake, for: request.address)
        }
        body = ByteBuffer()
        guard sidecar.beginRequest() else {
            return send(.refusal(.serviceUnavailable, "Too many requests at once", retryAfter: 1, at: target.path), to: head)
        }
        // The work goes on to its end also when the caller closes the connection: nothing cancels this task.
        Task { @LoopActor in
            let response = await sidecar.router.respond(to: request)
            sidecar.endRequest()
            send(response, to: head)
        }
    }

    private func send(_ response: HTTPResponse, to head: HTTPRequestHead, isLast: Bool = false) {
        guard let channel else { return }
        let closes = isLast || !head.isKeepAlive || head.version.minor == 0 || sidecar.isStopping
        sidecar.answered(response.status.code)
        var headers = response.headers
        if response.status != .noContent { headers.replaceOrAdd(name: "Content-Length", value: String(response.body.readableBytes)) }
        if closes { headers.replaceOrAdd(name: "Connection", value: "close") }
        phase = closes ? .closing : .waiting
        expire(after: closes ? LineConnection.closeLimit : sidecar.configuration.limits.idleTime)
        let answer = HTTPResponseHead(version: .http1_1, status: response.status, headers: headers)
        channel.write(HTTPServerResponsePart.head(answer), promise: nil)
        if head.method != .HEAD, response.body.readableBytes > 0 {
            channel.write(HTTPServerResponsePart.body(.byteBuffer(response.body)), promise: nil)
        }
        let written = channel.writeAndFlush(HTTPServerResponsePart.end(nil))
        // Closing one way keeps the answer safe from a reset when more of the request is still coming.
        if closes { written.whenComplete { _ in channel.close(mode: .output, promise: nil) } }
    }

    /// Stops: at once when it waits for a request, after the answer otherwise.
    func stop() {
        if case .waiting = phase { channel?.close(promise: nil) }
    }

    /// Nothing more is to be done here: the channel is gone, or is a WebSocket now.
    func leave() {
        timer?.cancel()
        timer = nil
        channel = nil
        phase = .left
        sidecar.remove(self)
    }

    // MARK: What goes wrong

    private func failed(_ error: any Error) {
        guard case .headerOverflow? = error as? HTTPParserError else {
            return refuse(.badRequest, "This is not an HTTP request", because: error)
        }
        refuse(.requestHeaderFieldsTooLarge, "The header is too large", because: error)
    }

    /// Answers what the parser did not take. The rest of the connection cannot be understood either.
    private func refuse(_ status: HTTPResponseStatus, _ text: String, because error: any Error) {
        switch phase {
        case .waiting where error is HTTPParserError, .receiving where error is HTTPParserError:
            send(.text(status, text), to: HTTPRequestHead(version: .http1_1, method: .GET, uri: "/"), isLast: true)
        default:
            channel?.close(promise: nil)
        }
    }

    /// Replaces the timer; when it fires, whatever is going on has taken too long.
    private func expire(after time: Duration) {
        timer?.cancel()
        timer = sidecar.edge.clock.schedule(after: time) { [weak self] in self?.expired() }
    }

    private func expired() {
        switch phase {
        case .receiving(let head): send(.refusal(.requestTimeout, "The request took too long", at: head.uri), to: head, isLast: true)
        case .closing, .blocked: channel?.reset()
        case .waiting: channel?.close(promise: nil)
        case .answering, .left: break
        }
    }
}
