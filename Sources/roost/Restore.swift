import ArgumentParser
import Daemon

struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put a server back from a backup.",
        discussion: """
            Checks the backup first, and that the master key is the one that belongs to it. The key is taken from --key, from the
            backup, or from what --force moves aside. A data directory that is in use is refused. Run it as the user of the server.

            Examples:
              roost restore everything.backup --data /var/lib/roost
              roost restore monday.backup --key secret.key --data /var/lib/roost
              roost restore monday.backup --force --data /var/lib/roost
            """)

    @Argument(help: ArgumentHelp("The backup: a file of roost backup, or a copy of a database.", valueName: "file"))
    var file: String

    @Option(name: .long, help: ArgumentHelp("File with the master key.", valueName: "file"))
    var key: String?

    @Flag(name: .long, help: "The master key comes from systemd (data.key_credential).")
    var keyCredential = false

    @Flag(name: .long, help: "Go on without the master key: everybody has to log in again.")
    var lostKey = false

    @Flag(name: .long, help: "Move what is in the data directory aside, into before-restore-… in it.")
    var force = false

    @Option(name: .long, help: ArgumentHelp("Data directory.", valueName: "dir"))
    var data: String

    func validate() throws {
        guard [key != nil, keyCredential, lostKey].count(where: { $0 }) < 2 else {
            throw ValidationError("--key, --key-credential and --lost-key do not go together")
        }
    }

    func run() async throws {
        try await reportingProblems {
            let source: Restoration.Key = lostKey ? .lost : keyCredential ? .credential : key.map { .file($0) } ?? .found
            for line in try Restoration(path: file, key: source, replaces: force).run(in: data) { print(line) }
        }
    }
}
