import MainLoop
import NIOCore
import NIOWebSocket
import Server
import Transport

/// The receiving half of a WebSocket: makes lines of messages and hands them to the server.
@LoopActor
final class WebSocketHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame

    /// Pongs are dropped while this many bytes wait: whoever sends pings and never reads gets no more memory.
    private static let pongLimit = 16 << 10

    private let edge: Edge
    private let peer: Peer
    private let framing: WebSocketFraming
    private var messages: WebSocketMessages
    private var connection: LineConnection?
    private var session: (any LineSession)?

    init(_ edge: Edge, peer: Peer, subprotocol: WebSocketHandshake.Subprotocol, messageLimit: Int) {
        self.edge = edge
        self.peer = peer
        framing = WebSocketFraming(subprotocol: subprotocol)
        messages = WebSocketMessages(limit: messageLimit)
    }

    nonisolated func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        LoopActor.assumeIsolated { self.open(channel) }
    }

    nonisolated func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = Self.unwrapInboundIn(data)
        LoopActor.assumeIsolated { self.received(frame) }
    }

    nonisolated func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let code: WebSocketErrorCode? =
            switch error {
            case NIOWebSocketError.invalidFrameLength: .messageTooLarge
            case is NIOWebSocketError: .protocolError
            default: nil
            }
        if let code {
            LoopActor.assumeIsolated { self.fail(code) }
        } else {
            context.close(promise: nil)
        }
    }

    nonisolated func channelInactive(context: ChannelHandlerContext) {
        LoopActor.assumeIsolated { self.ended() }
        context.fireChannelInactive()
    }

    private func open(_ channel: any Channel) {
        guard channel.isActive else { return }
        let connection = LineConnection(channel, peer: peer, clock: edge.clock, encoding: framing)
        self.connection = connection
        edge.openConnections.add()
        session = edge.server.open(connection)
    }

    private func received(_ frame: WebSocketFrame) {
        guard let connection else { return }
        guard connection.isOpen else {
            if frame.opcode == .connectionClose { connection.goodbyeReceived() }
            return
        }
        switch messages.add(frame) {
        case .nothing: break
        case .message(let bytes): received(bytes, on: connection)
        case .pong(let bytes):
            if connection.unsentBytes < Self.pongLimit { connection.sendRaw(WebSocketFraming.frame(.pong, bytes)) }
        case .closed(let code):
            connection.close(saying: WebSocketFraming.close(code), awaitingGoodbye: false)
            leave("Connection closed")
        case .failed(let code): fail(code)
        }
    }

    /// A message is one line or several; its end is a line end.
    private func received(_ message: ByteBuffer, on connection: LineConnection) {
        var framer = LineFramer(limit: peer.takesLongLines ? World.longLineLimit : World.lineLimit)
        var rest = message
        while connection.isOpen, rest.readableBytes > 0 {
            let hasEnd = rest.readableBytesView.contains(UInt8(ascii: "\n"))
            switch hasEnd ? framer.next(in: &rest) : framer.last(in: &rest) {
            case .line(let line): session?.receive(line)
            case .overlong: session?.receiveOverlong()
            case nil: break
            }
        }
    }

    private func fail(_ code: WebSocketErrorCode) {
        connection?.close(saying: WebSocketFraming.close(code), awaitingGoodbye: false)
        leave("WebSocket error")
    }

    private func ended() {
        connection?.ended()
        if connection != nil { edge.openConnections.remove() }
        connection = nil
        leave("Connection closed")
    }

    private func leave(_ reason: String) {
        let session = self.session
        self.session = nil
        session?.disconnected(because: reason)
    }
}
