import NIOCore
import NIOPosix
import Synchronization

/// Ports for a child process that has to know its port before it starts.
package enum TestPorts {
    private static let next = Mutex(Int.random(in: 18_000..<28_000))

    /// A TCP port that nobody listened on a moment ago. It lies below the range from which the system picks ports for
    /// outgoing connections, and no two calls of a test run get the same.
    package static func free() async throws -> Int {
        while true {
            let port = next.withLock { next in
                next = next >= 31_999 ? 18_000 : next + 1
                return next
            }
            let channel = try? await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .bind(host: "127.0.0.1", port: port).get()
            guard let channel else { continue }
            try await channel.close()
            return port
        }
    }
}
