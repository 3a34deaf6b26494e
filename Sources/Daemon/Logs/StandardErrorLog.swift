import Foundation
package import Logging
package import Settings

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Writes the log to standard error, one line for each event.
package struct StandardErrorLog: LogHandler {
    private let format: Settings.Log.Format
    private let level: LogLevel
    private let isJournal: Bool
    private let sink: @Sendable (String) -> Void
    /// Nil: that of all loggers.
    private var ownLevel: Logger.Level?
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    /// - Parameters:
    ///   - isJournal: whether the lines go to the journal of systemd, which reads the level at the start of the line (sd-daemon(3)) and
    ///     notes the time itself.
    ///   - sink: gets each line with its end.
    package init(
        format: Settings.Log.Format, level: LogLevel, isJournal: Bool = StandardErrorLog.goesToJournal,
        sink: @escaping @Sendable (String) -> Void = StandardErrorLog.writeToStandardError
    ) {
        (self.format, self.level, self.isJournal, self.sink) = (format, level, isJournal, sink)
    }

    package var logLevel: Logger.Level {
        get { ownLevel ?? level.value }
        set { ownLevel = newValue }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var fields = metadata.merging(metadataProvider?.get() ?? [:]) { _, new in new }
        fields.merge(event.metadata ?? [:]) { _, new in new }
        let line = LogLine(
            time: Int64(Date().timeIntervalSince1970 * 1000), level: event.level, message: "\(event.message)", metadata: fields)
        let text =
            switch format {
            case .text: line.text(hasTime: !isJournal)
            case .json: line.json
            }
        sink((isJournal ? "<\(event.level.severity)>" : "") + text + "\n")
    }

    /// One write for each line, so that lines of several threads do not mix.
    @Sendable package static func writeToStandardError(_ line: String) {
        var rest = Array(line.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count == 0 || errno != EINTR {
                // Nobody reads it, and there is nowhere else to say so.
                return
            }
        }
    }

    /// Whether standard error is the socket that systemd made for the journal: `$JOURNAL_STREAM` has its device and inode.
    package static var goesToJournal: Bool {
        isJournal(
            ProcessInfo.processInfo.environment["JOURNAL_STREAM"],
            standardError: try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/2"))
    }

    /// - Parameters:
    ///   - stream: `$JOURNAL_STREAM`.
    ///   - standardError: what the link of the descriptor says, as `socket:[12345]`.
    static func isJournal(_ stream: String?, standardError: String?) -> Bool {
        guard let inode = stream?.split(separator: ":", omittingEmptySubsequences: false).last, !inode.isEmpty else { return false }
        return standardError == "socket:[\(inode)]"
    }
}
