package import MainLoop
package import NIOCore
import NIOPosix

/// A bound TCP port. It accepts nothing before ``start()``, so that all ports of a process can be bound before the first
/// client is let in.
@LoopActor
package final class Listener {
    /// Where it listens, with the port the system chose if it was asked to.
    package nonisolated let address: ListenAddress
    private let channel: any Channel

    /// Connections the kernel may hold before they are accepted; it cuts this to its own limit.
    private static let backlog: CInt = 4096
    /// Bytes of the buffer that is kept per connection for reading. Lines are short; what is longer comes in several reads.
    private static let receiveBuffer = 1024

    private init(_ channel: any Channel, address: ListenAddress) {
        self.channel = channel
        self.address = address
    }

    /// Binds `address`, or takes over the socket that it comes with. The port of IPv6 is IPv6 only, so that 0.0.0.0 and [::] can have the same one.
    ///
    /// - Parameters:
    ///   - key: the configuration key to name in errors.
    ///   - initialize: sets up each accepted channel, which lives on the loop of ``LoopActor``.
    package static func bind(
        _ address: ListenAddress, key: String, edge: Edge, initialize: @escaping @LoopActor (any Channel) throws -> Void
    ) async throws(BindError) -> Listener {
        let failures = AcceptFailures(address, edge: edge)
        do {
            let socketAddress = try SocketAddress(ipAddress: address.host, port: address.port)
            var bootstrap = ServerBootstrap(group: LoopActor.group)
                .serverChannelOption(.backlog, value: backlog)
                .serverChannelOption(.autoRead, value: false)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .serverChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(backOff(failures))
                    }
                }
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: receiveBuffer))
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try LoopActor.assumeIsolated {
                            if edge.sockets.admit(channel) { try initialize(channel) }
                        }
                    }
                }
            if address.isIPv6, address.descriptor == nil {
                let only = ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only)
                bootstrap = bootstrap.serverChannelOption(only, value: 1)
            }
            let channel =
                if let descriptor = address.descriptor {
                    try await bootstrap.withBoundSocket(descriptor).get()
                } else {
                    try await bootstrap.bind(to: socketAddress).get()
                }
            let bound = ListenAddress(host: address.host, port: channel.localAddress?.port ?? address.port)
            return Listener(channel, address: bound)
        } catch {
            throw BindError(error, address: address, key: key)
        }
    }

    /// Whether the port is open.
    package var isOpen: Bool { channel.isActive }

    /// Begins to accept.
    package func start() async {
        // The port stays bound whatever happens; a channel that is closed already has nothing to start.
        try? await channel.setOption(.autoRead, value: true).get()
    }

    /// Closes the port. What was accepted stays.
    package func stop() async {
        try? await channel.close().get()
    }

    /// Goes on accepting after an error, instead of closing the port or spinning.
    private nonisolated static func backOff(_ failures: AcceptFailures) -> AcceptBackoffHandler {
        AcceptBackoffHandler(shouldForwardIOErrorCaught: false) { error in
            LoopActor.assumeIsolated { failures.pause(after: error.errnoCode) }
        }
    }
}
