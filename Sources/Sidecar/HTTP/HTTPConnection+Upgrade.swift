import Logging
import MainLoop
import NIOCore
import NIOHTTP1
import NIOWebSocket
import Server
import Transport

extension HTTPConnection {
    /// Opens the WebSocket: answers 101 and replaces everything in the channel that speaks HTTP. It may happen on any
    /// request of a connection, because proxies keep connections and use them again.
    ///
    /// - Parameter client: the address of whoever is behind the connection.
    func upgrade(_ channel: any Channel, _ handshake: WebSocketHandshake, for client: String) {
        let limit = sidecar.configuration.limits.webSocketMessage
        let edge = sidecar.edge
        // A proxy on this machine that serves the https origin is the only other one who can read along.
        let isSecure = sidecar.configuration.publicOrigin.hasPrefix("https://") && AddressGroup(address).isLoopback
        var peer = Peer(address: client, port: client == address ? port : 0, isSecure: isSecure, transport: .webSocket)
        peer.takesLongLines = handshake.subprotocol == nil
        let pipeline = channel.pipeline.syncOperations
        leave()
        channel.writeAndFlush(HTTPServerResponsePart.head(handshake.response), promise: nil)
        do {
            try pipeline.remove(HTTPServerPipelineHandler.self)
            try pipeline.remove(HTTPResponseEncoder.self)
            try pipeline.addHandler(ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: limit)))
            try pipeline.addHandler(
                WebSocketHandler(edge, peer: peer, subprotocol: handshake.subprotocol ?? .text, messageLimit: limit))
            pipeline.removeHandler(self, promise: nil)
            // Last, because it hands on what it has read beyond the request.
            try pipeline.remove(ByteToMessageHandler<HTTPRequestDecoder>.self)
        } catch {
            edge.logger.error("websocket.failed", metadata: ["error": "\(error)"])
            channel.reset()
        }
    }
}

extension ChannelPipeline.SynchronousOperations {
    fileprivate func remove<Handler: RemovableChannelHandler>(_ type: Handler.Type) throws {
        removeHandler(try handler(type: type), promise: nil)
    }
}
