import MainLoop
import NIOCore
import NIOHTTP1
import Transport

/// One connection to a port for challenges: one request, one answer, within ten seconds.
@LoopActor
final class ChallengeConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// From the connection to its end.
    nonisolated static let time: Duration = .seconds(10)

    private let challenges: ChallengeAnswers
    private var timer: (any LoopTimer)?
    private var isAnswered = false

    init(_ challenges: ChallengeAnswers) {
        self.challenges = challenges
    }

    nonisolated func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        LoopActor.assumeIsolated { self.open(channel) }
        context.fireChannelActive()
    }

    nonisolated func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let (part, channel) = (Self.unwrapInboundIn(data), context.channel)
        // The body of a request means nothing here.
        guard case .head(let head) = part else { return }
        LoopActor.assumeIsolated { self.answer(head, channel) }
    }

    nonisolated func channelInactive(context: ChannelHandlerContext) {
        LoopActor.assumeIsolated { self.end() }
        context.fireChannelInactive()
    }

    nonisolated func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func open(_ channel: any Channel) {
        challenges.begin()
        timer = challenges.edge.clock.schedule(after: Self.time) { channel.reset() }
    }

    private func answer(_ head: HTTPRequestHead, _ channel: any Channel) {
        guard !isAnswered else { return }
        isAnswered = true
        let isRead = head.method == .GET || head.method == .HEAD
        let response =
            isRead
            ? challenges.respond(to: RequestTarget(head.uri)?.path ?? "") : .text(.methodNotAllowed, "This path answers GET, HEAD")
        var headers = response.headers
        headers.add(name: "Content-Length", value: String(response.body.readableBytes))
        headers.add(name: "Connection", value: "close")
        channel.write(
            HTTPServerResponsePart.head(HTTPResponseHead(version: .http1_1, status: response.status, headers: headers)), promise: nil)
        if head.method != .HEAD { channel.write(HTTPServerResponsePart.body(.byteBuffer(response.body)), promise: nil) }
        channel.writeAndFlush(HTTPServerResponsePart.end(nil)).whenComplete { _ in channel.close(mode: .output, promise: nil) }
    }

    private func end() {
        timer?.cancel()
        guard timer != nil else { return }
        timer = nil
        challenges.end()
    }
}
