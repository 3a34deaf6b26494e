import ArgumentParser
import Daemon

struct Version: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the version.",
        discussion: """
            Example:
              roost version
            """)

    func run() async throws {
        print("roost \(Daemon.version)")
    }
}
