import ArgumentParser
import Daemon
import Settings

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find mistakes in the configuration.",
        discussion: """
            Reports all of them at once, with line and column: unknown keys, wrong types, impossible values, unreadable
            files, certificates that do not fit their key. Exit status 0: none; 78: some.

            Examples:
              roost check
              roost check --config /etc/roost/roost.toml
            """)

    @OptionGroup var places: PlaceOptions

    func run() async throws {
        try await reportingProblems {
            let launch = try places.resolve()
            let problems = Inspection.problems(of: launch.settings)
            for problem in problems { complain(problem.description) }
            for warning in launch.settings.warnings { print("warning: \(warning)") }
            guard problems.isEmpty else { throw ExitCode(ExitStatus.configuration) }
            print(launch.configurationFile.map { "\($0): no mistakes" } ?? "There is no configuration file; the defaults are used.")
        }
    }
}
