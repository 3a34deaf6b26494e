import MainLoop
import NIOCore
import NIOSSL

extension Listener {
    /// A port for IRC over TLS. Each new connection uses one of the certificates that `certificates` holds at that moment.
    ///
    /// - Parameter handshakeLimit: handshakes that may be under way at once; beyond that, new connections are reset.
    package static func tls(
        _ address: ListenAddress, key: String = "listen.tls", certificates: CurrentCertificates, edge: Edge, handshakeLimit: Int = 4096
    ) async throws(BindError) -> Listener {
        let handshakes = Handshakes(limit: handshakeLimit, edge: edge)
        return try await bind(address, key: key, edge: edge) { channel in
            try edge.welcome(channel) { channel, proxy in
                // A handshake is what an attack would have us pay for. Without TLS it costs nothing to say why.
                guard edge.server.admits(proxy.client?.address ?? channel.remoteAddress?.canonicalText ?? "") else {
                    return channel.eventLoop.execute { channel.reset() }
                }
                try channel.pipeline.syncOperations.addHandler(HandshakeHandler(edge, handshakes: handshakes, proxy: proxy))
                guard certificates.dependOnClient else { return try addTLS(channel, certificates.value.first) }
                let hello = ClientHelloHandler(edge) { channel, hello in try addTLS(channel, certificates.choose(for: hello)) }
                try channel.pipeline.syncOperations.addHandler(
                    hello, position: .before(channel.pipeline.syncOperations.handler(type: HandshakeHandler.self)))
            }
        }
    }

    private static func addTLS(_ channel: any Channel, _ certificate: ServerCertificate) throws {
        // Any client certificate will do: only its fingerprint counts, and possession of its key is proven by TLS.
        let tls = NIOSSLServerHandler(context: certificate.context) { _, verified in verified.succeed(.certificateVerified) }
        // Before the one that waits for it: in a connection that is open already it begins at once.
        try channel.pipeline.syncOperations.addHandler(
            tls, position: .before(channel.pipeline.syncOperations.handler(type: HandshakeHandler.self)))
    }
}
