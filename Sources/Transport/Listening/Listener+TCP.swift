import MainLoop
import NIOCore
import Server

extension Listener {
    /// A port for IRC without encryption.
    package static func tcp(_ address: ListenAddress, key: String = "listen.plain", edge: Edge) async throws(BindError) -> Listener {
        try await bind(address, key: key, edge: edge) { channel in
            try edge.welcome(channel) { channel, proxy in
                try channel.pipeline.syncOperations.addHandler(ConnectionHandler(edge, transport: .tcp, proxy: proxy))
            }
        }
    }
}
