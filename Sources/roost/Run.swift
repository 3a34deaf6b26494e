import ArgumentParser
import Daemon
import Foundation
import Logging

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
            """)

    @OptionGroup var places: PlaceOptions

    @Option(
        name: .long,
        help: ArgumentHelp(
            "What to log to standard error: trace, debug, info, notice, warning, error or critical. Each includes those after it.",
            valueName: "level"),
        transform: { text in
            guard let level = Logger.Level(rawValue: text) else { throw ValidationError("there is no log level \(text)") }
            return level
        })
    var logLevel: Logger.Level = .info

    func run() async throws {
        let level = logLevel
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
        try await reportingProblems {
            let logger = Logger(label: "roost")
            let supervisor = try Supervisor(logger: logger)
            let launch = try places.resolve()
            let restarts = try await Daemon.run(launch, supervisor: supervisor, logger: logger) { text in
                FileHandle.standardOutput.write(Data(text.utf8))
            }
            guard restarts else { return }
            supervisor.handOver()
            try Restart.now()
        }
    }
}
