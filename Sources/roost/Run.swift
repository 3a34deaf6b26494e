import ArgumentParser
import Daemon
import Foundation
import Logging
import Settings

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start the server and stay in the foreground.",
        discussion: """
            Works without any configuration: it makes its data directory, database, keys and a self-signed certificate,
            and listens on 127.0.0.1:6667 (plain), port 6697 (TLS) and 127.0.0.1:8080 (HTTP).

            Signals: TERM and INT stop it cleanly, HUP reads configuration and certificates again.
            Exit status 78: something has to be put right first; standard error says what.

            Examples:
              roost run
              roost run --data ./data
              roost run --config /etc/roost/roost.toml --log-level debug
              roost run --log-format json
            """)

    @OptionGroup var places: PlaceOptions

    @Option(
        name: .long,
        help: ArgumentHelp(
            """
            What to log to standard error: trace, debug, info, notice, warning, error or critical. Each includes those after it. Without \
            it: $ROOST_LOG_LEVEL, else log.level.
            """,
            valueName: "level"),
        transform: { text in
            guard let level = Logger.Level(rawValue: text) else { throw ValidationError("there is no log level \(text)") }
            return level
        })
    var logLevel: Logger.Level?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "How to log: text, or json for one object a line. Without it: $ROOST_LOG_FORMAT, else log.format.", valueName: "format"),
        transform: { text in
            guard let format = Settings.Log.Format(rawValue: text) else { throw ValidationError("there is no log format \(text)") }
            return format
        })
    var logFormat: Settings.Log.Format?

    func run() async throws {
        try await reportingProblems {
            let found = places.inspect()
            guard found.problems.isEmpty else { throw SettingsProblems(found.problems) }
            let launch = try places.resolve()
            let log = try LogChoice(level: logLevel, format: logFormat, settings: launch.settings)
            let level = LogLevel(log.level)
            LoggingSystem.bootstrap { _ in StandardErrorLog(format: log.format, level: level) }
            let logger = Logger(label: "roost")
            let supervisor = try Supervisor(logger: logger)
            let restarts = try await Daemon.run(launch, supervisor: supervisor, logger: logger, logLevel: level) { text in
                FileHandle.standardOutput.write(Data(text.utf8))
            }
            guard restarts else { return }
            supervisor.handOver()
            try Restart.now()
        }
    }
}
