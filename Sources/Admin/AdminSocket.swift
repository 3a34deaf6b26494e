package import Logging
package import MainLoop
import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The Unix socket on which the command line talks to the running server. Only its owner and root get through.
@LoopActor
package final class AdminSocket {
    /// Connections at once; further ones are closed.
    static let limit = 16
    /// How long a connection may take to ask.
    static let patience: Duration = .seconds(10)
    /// Bytes that the name of a Unix socket may have, with the zero at its end.
    private nonisolated static let pathLimit = 104

    package nonisolated let path: String
    let server: any Administered
    let clock: any LoopClock
    let logger: Logger
    private var channel: (any Channel)?
    private(set) var connections = 0

    /// Why it cannot be there.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private init(_ path: String, server: any Administered, clock: any LoopClock, logger: Logger) {
        (self.path, self.server, self.clock, self.logger) = (path, server, clock, logger)
    }

    /// Listens at `path`. What a crashed server left there goes away: call it only with the lock of the data directory.
    package static func bind(
        _ path: String, server: any Administered, clock: any LoopClock, logger: Logger
    ) async throws(Failure) -> AdminSocket {
        guard path.utf8.count < pathLimit else {
            throw Failure(description: "the path is longer than the \(pathLimit - 1) bytes that the system allows for a socket")
        }
        let socket = AdminSocket(path, server: server, clock: clock, logger: logger)
        do {
            // The directory is closed to others; the file is too before anybody can be accepted.
            socket.channel = try await ServerBootstrap(group: LoopActor.group)
                .serverChannelOption(.autoRead, value: false)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        LoopActor.assumeIsolated { try? channel.pipeline.syncOperations.addHandler(AdminConnection(socket)) }
                    }
                }
                .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
            guard chmod(path, 0o600) == 0 else { throw Failure(description: String(cString: strerror(errno))) }
            try await socket.channel?.setOption(.autoRead, value: true).get()
            return socket
        } catch {
            await socket.stop()
            throw error as? Failure ?? Failure(description: "\(error)")
        }
    }

    /// Closes the socket and takes it out of the directory.
    package func stop() async {
        guard let channel else { return }
        self.channel = nil
        try? await channel.close().get()
        unlink(path)
    }

    /// Counts a connection in, unless there are too many.
    func admit() -> Bool {
        guard connections < Self.limit, channel != nil else { return false }
        connections += 1
        return true
    }

    func release() {
        connections -= 1
    }
}
