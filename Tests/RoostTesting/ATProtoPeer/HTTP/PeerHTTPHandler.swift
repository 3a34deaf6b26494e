import Foundation
import NIOCore
import NIOHTTP1

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Gathers a request, hands it to the service and writes the answer, once per request of a connection.
final class PeerHTTPHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// The largest request body in bytes; a longer one resets the connection.
    private static let bodyLimit = 256 * 1024

    private let service: PeerService
    private let listener: PeerRole
    private var head: HTTPRequestHead?
    private var body = Data()

    init(service: PeerService, listener: PeerRole) {
        (self.service, self.listener) = (service, listener)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = Data()
        case .body(let buffer):
            body.append(contentsOf: buffer.readableBytesView)
            if body.count > Self.bodyLimit { reset(context) }
        case .end:
            guard let head else { return }
            self.head = nil
            answer(head, context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let target = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let request = PeerRequest(
            method: head.method.rawValue, path: String(target[0]), query: target.count > 1 ? String(target[1]) : nil,
            headers: head.headers, body: body, listener: listener)
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        let version = head.version
        let keepsAlive = head.isKeepAlive
        service.answer(request) { response in
            let (handler, context) = bound.value
            if let response {
                handler.write(response, version: version, keepsAlive: keepsAlive, context)
            } else {
                handler.reset(context)
            }
        }
    }

    private func write(_ response: PeerResponse, version: HTTPVersion, keepsAlive: Bool, _ context: ChannelHandlerContext) {
        var headers = HTTPHeaders(response.headers.map { ($0.name, $0.value) })
        headers.replaceOrAdd(name: "Content-Length", value: String(response.body.count))
        if !keepsAlive { headers.replaceOrAdd(name: "Connection", value: "close") }
        let status = HTTPResponseStatus(statusCode: response.status)
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        context.write(wrapOutboundOut(.head(HTTPResponseHead(version: version, status: status, headers: headers))), promise: nil)
        if let cut = response.cut {
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: response.body.prefix(cut)))))).whenComplete { _ in
                bound.value.handler.reset(bound.value.context)
            }
            return
        }
        guard let spread = response.spread, response.body.count > 1 else {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: response.body)))), promise: nil)
            return finish(keepsAlive: keepsAlive, context)
        }
        context.flush()
        let size = max(1, response.body.count / 10)
        writeSlowly(response.body, size: size, pause: .nanoseconds(spread.milliseconds * 100_000), keepsAlive: keepsAlive, context)
    }

    private func writeSlowly(_ rest: Data, size: Int, pause: TimeAmount, keepsAlive: Bool, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        guard !rest.isEmpty else { return finish(keepsAlive: keepsAlive, context) }
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: rest.prefix(size))))), promise: nil)
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: pause) {
            let (handler, context) = bound.value
            handler.writeSlowly(Data(rest.dropFirst(size)), size: size, pause: pause, keepsAlive: keepsAlive, context)
        }
    }

    private func finish(keepsAlive: Bool, _ context: ChannelHandlerContext) {
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            if !keepsAlive { channel.close(promise: nil) }
        }
    }

    /// Closes with a TCP reset, so that the other side learns at once that no answer comes.
    private func reset(_ context: ChannelHandlerContext) {
        let channel = context.channel
        guard let options = channel as? any SocketOptionProvider else { return channel.close(promise: nil) }
        options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in channel.close(promise: nil) }
    }
}
