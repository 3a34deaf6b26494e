import Foundation
import NIOCore
import NIOHTTP1

/// Gathers a request and writes the answer.
final class AuthorityHTTPHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let authority: () -> ACMEAuthority?
    private var head: HTTPRequestHead?
    private var body = Data()

    init(_ authority: @escaping () -> ACMEAuthority?) {
        self.authority = authority
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): (self.head, body) = (head, Data())
        case .body(let buffer): body.append(contentsOf: buffer.readableBytesView)
        case .end:
            guard let head else { return }
            self.head = nil
            let request = AuthorityRequest(
                method: head.method.rawValue, path: head.uri, contentType: head.headers.first(name: "Content-Type"),
                userAgent: head.headers.first(name: "User-Agent"), body: body)
            guard let reply = authority()?.answer(request) else { return context.close(promise: nil) }
            write(reply, isHead: head.method == .HEAD, context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func write(_ reply: AuthorityReply, isHead: Bool, _ context: ChannelHandlerContext) {
        var headers = HTTPHeaders(reply.headers)
        headers.replaceOrAdd(name: "Content-Length", value: "\(reply.body.count)")
        let status = HTTPResponseStatus(statusCode: reply.status)
        context.write(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
        if !isHead { context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: reply.body)))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
