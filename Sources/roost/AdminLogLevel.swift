import Admin
import ArgumentParser
import Daemon

struct AdminLogLevel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loglevel",
        abstract: "Tell or change how much the running server logs, until its next start.",
        discussion: """
            Examples:
              roost admin loglevel
              roost admin loglevel debug
            """)

    @OptionGroup var places: PlaceOptions

    @Argument(help: "trace, debug, info, notice, warning, error or critical; without it the level is told.")
    var level: String?

    func run() async throws { try await Self.change(to: level ?? "", places) }

    static func change(to level: String, _ places: PlaceOptions) async throws {
        try await reportingProblems {
            let data = try places.resolve().dataDirectory
            guard let answer = try await Admin.ask(AdminRequest(service: Daemon.logLevelName, command: level), in: data) else {
                throw StartError.notRunning(data)
            }
            for line in answer.lines ?? [] { print(line) }
            if let error = answer.error {
                complain(error)
                throw ExitCode.failure
            }
        }
    }
}
