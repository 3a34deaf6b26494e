import Logging
package import MainLoop
import NIOCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Keeps clients from taking the last file descriptors. Without them nothing else works either: no database, no answer
/// from other servers, and on Linux the system's thread pool ends the process.
@LoopActor
package final class SocketBudget {
    /// Accepted sockets that may be open at once, of all listeners.
    package let limit: Int
    /// What the process may open in all.
    package let descriptors: Int
    package private(set) var count = 0
    private let logger: Logger
    private let log: RareLog

    /// - Parameter limit: nil: what the process may open at this moment, less a quarter (64 to 512) for everything else.
    init(limit: Int?, clock: any LoopClock, logger: Logger) {
        descriptors = Self.descriptorLimit
        self.limit = limit ?? Self.share(of: descriptors)
        self.logger = logger
        log = RareLog(clock, every: .seconds(60))
    }

    /// Counts `channel` until it closes. False, and it is being closed, when there are too many.
    func admit(_ channel: any Channel) -> Bool {
        guard count < limit else {
            if log.isDue() {
                logger.error("connections.full", metadata: ["limit": "\(limit)"])
            }
            channel.eventLoop.execute { channel.close(promise: nil) }
            return false
        }
        count += 1
        channel.closeFuture.whenComplete { [self] _ in
            LoopActor.assumeIsolated { count -= 1 }
        }
        return true
    }

    /// What sockets may have of `descriptors`.
    nonisolated static func share(of descriptors: Int) -> Int {
        max(1, descriptors - min(512, max(64, descriptors / 4)))
    }

    /// How many descriptors the process may have, after it took all that the system lets it take: the usual soft limit of
    /// 1,024 is made for programs that do not serve thousands.
    private nonisolated static var descriptorLimit: Int {
        var limit = rlimit()
        #if canImport(Glibc)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        guard getrlimit(resource, &limit) == 0 else { return 1024 }
        let soft = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        if setrlimit(resource, &limit) != 0 { limit.rlim_cur = soft }
        return Int(clamping: limit.rlim_cur)
    }
}
