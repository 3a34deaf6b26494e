import Foundation
import MainLoop
import NIOCore
import NIOPosix

/// The other end of the admin socket: what the command line uses.
package enum AdminClient {
    package enum Failure: Error, Equatable {
        /// No server listens there.
        case notRunning
        /// Only the user of the server and root may speak to it.
        case notAllowed
        /// It hung up without an answer, or gave one that is none.
        case noAnswer
    }

    /// How much of an answer is taken.
    private static let limit = 64 << 20

    /// Asks the server whose admin socket is at `path`.
    package static func ask(_ request: AdminRequest, at path: String) async throws -> AdminAnswer {
        let answer = LoopActor.eventLoop.makePromise(of: ByteBuffer.self)
        do {
            let channel = try await ClientBootstrap(group: LoopActor.group)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Collector(answer, limit)) }
                }
                .connect(unixDomainSocketPath: path).get()
            let json = try JSONEncoder().encode(request)
            channel.writeAndFlush(ByteBuffer(bytes: json + Data("\n".utf8)), promise: nil)
        } catch let error as IOError where error.errnoCode == EACCES {
            answer.fail(Failure.notAllowed)
        } catch {
            answer.fail(Failure.notRunning)
        }
        let bytes = try await answer.futureResult.get()
        guard let decoded = try? JSONDecoder().decode(AdminAnswer.self, from: Data(bytes.readableBytesView)) else { throw Failure.noAnswer }
        return decoded
    }

    /// Keeps what comes until the other end closes.
    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let answer: EventLoopPromise<ByteBuffer>
        private let limit: Int
        private var bytes = ByteBuffer()

        init(_ answer: EventLoopPromise<ByteBuffer>, _ limit: Int) {
            (self.answer, self.limit) = (answer, limit)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            bytes.writeImmutableBuffer(Self.unwrapInboundIn(data))
            if bytes.readableBytes > limit { context.close(promise: nil) }
        }

        func channelInactive(context: ChannelHandlerContext) { answer.succeed(bytes) }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
