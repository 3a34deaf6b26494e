import MainLoop
import NIOCore
import NIOEmbedded
import RoostTesting
import Server
import Testing
import Transport

@LoopActor
@Suite struct LineConnectionTests {
    /// Holds writes back until it is told that the kernel took them.
    private final class SlowSocket: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer

        var held: [EventLoopPromise<Void>] = []
        var sizes: [Int] = []

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            sizes.append(unwrapOutboundIn(data).readableBytes)
            if let promise { held.append(promise) }
        }

        func release() {
            if !held.isEmpty { held.removeFirst().succeed() }
        }
    }

    private let clock = VirtualClock()
    private let line = ByteBuffer(string: "PING :x\r\n")

    private func connection(_ channel: EmbeddedChannel, _ transport: Peer.Transport = .tcp) -> LineConnection {
        LineConnection(
            channel, peer: Peer(address: "192.0.2.1", port: 1, isSecure: false, transport: transport), clock: clock)
    }

    private func active(_ handlers: [any ChannelHandler] = []) throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(handlers: handlers)
        try channel.connect(to: SocketAddress(ipAddress: "192.0.2.1", port: 1)).wait()
        return channel
    }

    @Test func nothingIsSentBeforeTheFlush() throws {
        let channel = try active()
        let connection = connection(channel)
        connection.write(line)
        #expect(try channel.readOutbound(as: ByteBuffer.self) == nil)
        #expect(connection.unsentBytes == 9)
        connection.flush()
        #expect(try channel.readOutbound(as: ByteBuffer.self) == line)
        #expect(connection.unsentBytes == 0)
        #expect(connection.oldestUnsent == nil)
    }

    @Test func severalLinesAreOneWrite() throws {
        let channel = try active()
        let connection = connection(channel)
        for _ in 0..<3 { connection.write(line) }
        connection.flush()
        #expect(try channel.readOutbound(as: ByteBuffer.self) == ByteBuffer(string: "PING :x\r\nPING :x\r\nPING :x\r\n"))
        #expect(try channel.readOutbound(as: ByteBuffer.self) == nil)
    }

    @Test func whatTheKernelDoesNotTakeIsCounted() throws {
        let socket = SlowSocket()
        let connection = connection(try active([socket]))
        connection.write(line)
        connection.flush()
        clock.advance(by: .seconds(3))
        for _ in 0..<4 {
            connection.write(line)
            connection.flush()
        }
        #expect(socket.sizes == [9])
        #expect(connection.unsentBytes == 45)
        #expect(connection.oldestUnsent == .zero)
        socket.release()
        #expect(socket.sizes == [9, 36])
        #expect(connection.unsentBytes == 36)
        #expect(connection.oldestUnsent == .seconds(3))
        socket.release()
        #expect(connection.unsentBytes == 0)
        #expect(connection.oldestUnsent == nil)
    }

    @Test func closingWaitsForTheQueueAndTakesNoMoreLines() throws {
        let socket = SlowSocket()
        let channel = try active([socket])
        let connection = connection(channel, .tls)
        connection.write(line)
        connection.close()
        connection.write(line)
        #expect(channel.isActive)
        #expect(!connection.isOpen)
        socket.release()
        #expect(!channel.isActive)
        #expect(socket.sizes == [9])
    }

    @Test func closingIsBounded() throws {
        let socket = SlowSocket()
        let channel = try active([socket])
        let connection = connection(channel)
        connection.write(line)
        connection.close()
        clock.advance(by: .milliseconds(4999))
        #expect(channel.isActive)
        clock.advance(by: .milliseconds(1))
        #expect(!channel.isActive)
        #expect(connection.unsentBytes == 0)
    }

    /// A client that never closes its half must not hold up a stop of the server.
    @Test func onceAllIsSentTheWaitIsShort() throws {
        let socket = SlowSocket()
        let channel = try active([socket])
        let connection = LineConnection(
            channel, peer: Peer(address: "192.0.2.1", port: 1, isSecure: false, transport: .webSocket), clock: clock, encoding: Shouting())
        connection.write(line)
        connection.close()
        clock.advance(by: .seconds(3))
        socket.release()
        clock.advance(by: .milliseconds(999))
        #expect(channel.isActive)
        clock.advance(by: .milliseconds(1))
        #expect(!channel.isActive)
    }

    @Test func abortingDiscardsTheQueue() throws {
        let socket = SlowSocket()
        let channel = try active([socket])
        let connection = connection(channel)
        connection.write(line)
        connection.flush()
        connection.write(line)
        connection.abort()
        #expect(!channel.isActive)
        #expect(connection.unsentBytes == 0)
        socket.release()
        connection.write(line)
        connection.flush()
        #expect(socket.sizes == [9])
    }

    @Test func aGoodbyeIsSentLast() throws {
        let channel = try active()
        let connection = LineConnection(
            channel, peer: Peer(address: "192.0.2.1", port: 1, isSecure: false, transport: .webSocket), clock: clock, encoding: Shouting())
        connection.write(line)
        connection.close()
        #expect(try channel.readOutbound(as: ByteBuffer.self) == ByteBuffer(string: "<PING :x\r\n>bye"))
        #expect(channel.isActive)
        connection.goodbyeReceived()
        #expect(!channel.isActive)
    }

    private struct Shouting: LineEncoding {
        func encode(_ line: ByteBuffer) -> ByteBuffer { ByteBuffer(string: "<" + String(buffer: line) + ">") }
        var farewell: ByteBuffer { ByteBuffer(string: "bye") }
    }
}
