import ArgumentParser
import Daemon

struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a commented configuration file.",
        discussion: """
            An existing file is never overwritten.

            Examples:
              roost init --domain irc.example.com --email admin@example.com
              roost init --domain irc.example.com --data ./data
              roost init --domain irc.example.com --data /var/lib/roost --config /etc/roost/roost.toml
            """)

    @Option(name: .long, help: ArgumentHelp("Host name that people connect to.", valueName: "name"))
    var domain: String

    @Option(name: .long, help: ArgumentHelp("How people reach you; shown by /ADMIN.", valueName: "address"))
    var email: String = ""

    @Option(name: .long, help: ArgumentHelp("Where to write the file. Without it: roost.toml in the data directory.", valueName: "file"))
    var config: String?

    @Option(name: .long, help: ArgumentHelp("Data directory that the file will name.", valueName: "dir"))
    var data: String?

    func run() async throws {
        try await reportingProblems {
            let path = try NewConfiguration.write(domain: domain, email: email, configuration: config, data: data)
            print("Wrote \(path)")
            print("Start the server with: roost run" + (config == nil && data == nil ? "" : " --config '\(path)'"))
        }
    }
}
