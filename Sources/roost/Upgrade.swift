import ArgumentParser
import Daemon

struct Upgrade: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the database up to date after a new version was installed.",
        discussion: """
            roost run does the same at its start. The database is copied first, to roost.db.before-… beside it; the newest three of
            these copies are kept. All steps are taken or none: when one fails, the old version can go on. Stop the server first.

            Examples:
              roost upgrade --check --data /var/lib/roost
              roost upgrade --data /var/lib/roost
            """)

    @Flag(name: .long, help: "Say what would be done, and change nothing. The server may be running.")
    var check = false

    @OptionGroup var places: PlaceOptions

    func run() async throws {
        try await reportingProblems {
            let directory = try places.resolve().dataDirectory
            guard check else {
                for line in try await DatabaseUpgrade.run(in: directory) { print(line) }
                return
            }
            let steps = try DatabaseUpgrade.check(in: directory)
            print(steps.isEmpty ? "The database is up to date" : "To be done: \(steps.joined(separator: ", "))")
        }
    }
}
