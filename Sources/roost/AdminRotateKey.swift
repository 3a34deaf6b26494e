import Admin
import ArgumentParser
import Daemon

struct AdminRotateKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-key",
        abstract: "Change the master key, with which secrets in the database are sealed.",
        discussion: """
            All secrets are sealed anew with a new key, and the old one opens nothing any more. Nobody has to log in again. The
            server may be running. Should it crash meanwhile, nothing is lost, and the next start goes on.

            Examples:
              roost admin rotate-key
              roost admin rotate-key --data /var/lib/roost
            """)

    @OptionGroup var places: PlaceOptions

    func run() async throws { try await Self.rotate(places) }

    static func rotate(_ places: PlaceOptions) async throws {
        try await reportingProblems {
            let launch = try places.resolve()
            let request = AdminRequest(service: Daemon.rotateKey, command: "")
            guard let answer = try await Admin.ask(request, in: launch.dataDirectory) else {
                for line in try await MasterKey.rotate(in: launch) { print(line) }
                return
            }
            for line in answer.lines ?? [] { print(line) }
            if let error = answer.error {
                complain(error)
                throw ExitCode.failure
            }
        }
    }
}
