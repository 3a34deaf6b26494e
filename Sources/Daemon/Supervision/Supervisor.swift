import Foundation
package import Logging
package import Transport

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What started the process and watches it: systemd, or nobody.
package struct Supervisor: Sendable {
    /// Takes notices, all in one datagram.
    package let tell: @Sendable ([ServiceNotice]) -> Void
    /// It counts the process as stuck after this long without ``ServiceNotice/watchdog``; nil: never.
    package let patience: Duration?
    /// What it listens on for the process.
    package let sockets: PassedSockets

    package static let none = Supervisor(patience: nil) { _ in }

    package init(patience: Duration?, sockets: PassedSockets = .none, tell: @escaping @Sendable ([ServiceNotice]) -> Void) {
        (self.tell, self.patience, self.sockets) = (tell, patience, sockets)
    }

    /// That of this process.
    ///
    /// - Throws: ``StartError`` when what it says makes no sense.
    package init(logger: Logger) throws(StartError) {
        let environment = ProcessInfo.processInfo.environment
        patience = try Self.patience(environment, processID: getpid())
        do {
            sockets = try .take(environment)
        } catch {
            throw StartError(error)
        }
        let name = environment["NOTIFY_SOCKET"] ?? ""
        guard !name.isEmpty else {
            tell = { _ in }
            return
        }
        let socket = try NotifySocket(name)
        tell = { notices in
            guard let error = socket.send(notices.map(\.text).joined(separator: "\n")) else { return }
            logger.warning("supervisor.unreachable", metadata: ["error": "\(String(cString: strerror(error)))"])
        }
    }

    /// Lets the program that replaces this one in the same process have the sockets.
    package func handOver() {
        sockets.handOver()
    }

    /// What `WATCHDOG_USEC` says; nil when it is not there, or meant for another process.
    package static func patience(_ environment: [String: String], processID: Int32) throws(StartError) -> Duration? {
        guard let text = environment["WATCHDOG_USEC"] else { return nil }
        if let other = environment["WATCHDOG_PID"], other != "\(processID)" { return nil }
        // A day is more than anybody means, and far from what overflows.
        guard let microseconds = Int64(text), (1...86_400_000_000).contains(microseconds) else {
            throw StartError("WATCHDOG_USEC", "\"\(text)\" is no number of microseconds up to a day", remedy: "correct WatchdogSec=")
        }
        return .microseconds(microseconds)
    }
}
