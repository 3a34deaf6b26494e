import Logging
import MainLoop
import NIOCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Decides what to do when a connection cannot be accepted.
@LoopActor
final class AcceptFailures {
    private let address: ListenAddress
    private let logger: Logger
    private let log: RareLog

    init(_ address: ListenAddress, edge: Edge) {
        self.address = address
        logger = edge.logger
        log = RareLog(edge.clock, every: .seconds(60))
    }

    /// How long to accept nothing after error `code`; nil: go on at once. A lack of descriptors or memory does not end by
    /// asking again; a client that has gone already is no reason to make others wait.
    func pause(after code: CInt) -> TimeAmount? {
        guard [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(code) else { return nil }
        if log.isDue() {
            logger.error("listener.accept.failed", metadata: ["address": "\(address)", "error": "\(systemText(code))"])
        }
        return .seconds(1)
    }
}
