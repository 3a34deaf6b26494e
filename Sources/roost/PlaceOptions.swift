import ArgumentParser
import Daemon
import Foundation
import Settings

/// The options that say where the configuration and the data are.
struct PlaceOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("Configuration file. Without it: roost.toml in the data directory, if there is one.", valueName: "file"))
    var config: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Data directory. Without it: the one the configuration names, else $ROOST_DATA, else /var/lib/roost for root and ~/.local/share/roost for others.",
            valueName: "dir"))
    var data: String?

    func resolve() throws -> Launch {
        try Launch.resolve(configuration: config, data: data)
    }

    func inspect() -> Inspection {
        Launch.inspect(configuration: config, data: data)
    }
}

/// Runs `body`; what the operator has to put right goes to standard error, a line each, and ends the process with EX_CONFIG.
func reportingProblems<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
        return try await body()
    } catch let problems as SettingsProblems {
        for problem in problems.list { complain(problem.description) }
    } catch let error as StartError {
        complain(error.description)
    } catch let error as ValueError {
        complain(error.message)
    }
    throw ExitCode(ExitStatus.configuration)
}

func complain(_ line: String) {
    FileHandle.standardError.write(Data("roost: \(line)\n".utf8))
}
