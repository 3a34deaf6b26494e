import Foundation

/// What a server tells its supervisor: sd_notify(3).
package enum ServiceNotice: Sendable, Equatable {
    /// Every port accepts, or a reload is over.
    case ready
    /// A reload begins. In microseconds of the monotonic clock, so that an older answer is not taken for that to a newer request.
    case reloading(at: UInt64)
    case stopping
    /// One line for `systemctl status`.
    case status(String)
    /// The event loop turns.
    case watchdog

    /// Longest status, in bytes: all lines together must fit into 4 KiB.
    static let statusLimit = 1024

    static func reloading() -> ServiceNotice {
        .reloading(at: UInt64(ProcessInfo.processInfo.systemUptime * 1_000_000))
    }

    /// One or more lines without the last line end.
    package var text: String {
        switch self {
        case .ready: "READY=1"
        case .reloading(let time): "RELOADING=1\nMONOTONIC_USEC=\(time)"
        case .stopping: "STOPPING=1"
        case .status(let text): "STATUS=\(Self.line(text))"
        case .watchdog: "WATCHDOG=1"
        }
    }

    private static func line(_ text: String) -> String {
        var line = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
        while line.utf8.count > statusLimit { line.removeLast() }
        return line
    }
}
