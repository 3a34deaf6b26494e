import Foundation
import Logging
import MainLoop
import NIOCore
import Transport

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One connection to the admin socket: reads a request, has it carried out, answers and closes.
@LoopActor
final class AdminConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let socket: AdminSocket
    private var framer = LineFramer(limit: 16 << 10)
    private var isCounted = false
    private var hasAsked = false
    private var user = uid_t.max
    private var timer: (any LoopTimer)?

    init(_ socket: AdminSocket) {
        self.socket = socket
    }

    nonisolated func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        LoopActor.assumeIsolated { self.open(channel) }
    }

    nonisolated func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let (channel, bytes) = (context.channel, Self.unwrapInboundIn(data))
        LoopActor.assumeIsolated { self.received(bytes, on: channel) }
    }

    nonisolated func channelInactive(context: ChannelHandlerContext) {
        LoopActor.assumeIsolated { self.ended() }
    }

    nonisolated func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func open(_ channel: any Channel) {
        guard socket.admit() else { return channel.close(promise: nil) }
        isCounted = true
        guard let user = Self.user(of: channel), user == geteuid() || user == 0 else {
            socket.logger.warning("admin.refused", metadata: ["reason": "another user"])
            return channel.close(promise: nil)
        }
        self.user = user
        timer = socket.clock.schedule(after: AdminSocket.patience) { channel.close(promise: nil) }
    }

    private func received(_ bytes: ByteBuffer, on channel: any Channel) {
        var chunk = bytes
        guard !hasAsked, let frame = framer.next(in: &chunk) else { return }
        hasAsked = true
        timer?.cancel()
        guard case .line(let line) = frame,
            let request = try? JSONDecoder().decode(AdminRequest.self, from: Data(line.readableBytesView))
        else { return answer(AdminAnswer(error: "the request is no line of JSON with service and command"), on: channel) }
        let server = socket.server
        Task { @LoopActor in answer(await server.administer(request, by: user), on: channel) }
    }

    private func answer(_ answer: AdminAnswer, on channel: any Channel) {
        let json = (try? JSONEncoder().encode(answer)) ?? Data()
        channel.writeAndFlush(ByteBuffer(bytes: json + Data("\n".utf8))).whenComplete { _ in channel.close(promise: nil) }
    }

    private func ended() {
        timer?.cancel()
        if isCounted { socket.release() }
        isCounted = false
    }

    /// `struct ucred` of the kernel.
    private struct PeerCredentials: Sendable {
        var pid: Int32 = 0
        var uid: UInt32 = .max
        var gid: UInt32 = .max
    }

    /// The user at the other end, as the kernel knows it.
    private static func user(of channel: any Channel) -> uid_t? {
        #if canImport(Glibc)
            guard let options = channel as? any SocketOptionProvider else { return nil }
            let asked: EventLoopFuture<PeerCredentials> = options.unsafeGetSocketOption(level: .socket, name: .init(rawValue: SO_PEERCRED))
            // A system call: the answer is there already.
            let box = NIOLoopBoundBox<uid_t?>(nil, eventLoop: LoopActor.eventLoop)
            asked.whenSuccess { box.value = $0.uid }
            return box.value
        #else
            // Only the owner can open the file.
            return geteuid()
        #endif
    }
}
