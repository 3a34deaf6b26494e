import Admin
import ArgumentParser
import Daemon

/// What to write, for both ways to make a backup.
struct BackupOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("The file to write.", valueName: "file"))
    var file: String

    @Flag(name: .long, help: "Put the master key in too. Who has the file has everything then.")
    var withKey = false

    @Flag(name: .long, help: "Replace a file of that name, once the new one is whole.")
    var force = false

    var order: Backups.Order { Backups.Order(path: file, includesKey: withKey, replaces: force) }
}

struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write everything a server has into one file.",
        discussion: """
            The server may be running; people do not notice. The file has the database, the certificate that the server made and
            the configuration. It is checked before it gets its name, and only its owner may read it. Without --with-key the master
            key is not in it: keep that somewhere else, since what it has sealed opens with nothing else. roost restore puts a
            server back.

            Examples:
              roost backup /root/roost-monday.backup
              roost backup --with-key --data /var/lib/roost everything.backup
            """)

    @OptionGroup var what: BackupOptions
    @OptionGroup var places: PlaceOptions

    func run() async throws {
        try await reportingProblems {
            for line in try await Backups.make(what.order, of: places.resolve()) { print(line) }
        }
    }
}

struct AdminBackup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Have the running server write a backup.",
        discussion: """
            As roost backup, and the server does it: the file belongs to its user, everything that people have said up to now is
            in it, and the log has a line. Refused while another one is being written.

            Examples:
              roost admin backup /var/lib/roost/monday.backup
              roost admin backup --force --with-key /var/lib/roost/latest.backup
            """)

    @OptionGroup var what: BackupOptions
    @OptionGroup var places: PlaceOptions

    func run() async throws {
        try await reportingProblems {
            let data = try places.resolve().dataDirectory
            guard let answer = try await Admin.ask(AdminRequest(service: Daemon.backup, command: what.order.text), in: data) else {
                throw StartError(
                    data + "/" + DataDirectory.adminSocketName, "no server answers there", remedy: "start it, or use roost backup")
            }
            for line in answer.lines ?? [] { print(line) }
            if let error = answer.error {
                complain(error)
                throw ExitCode.failure
            }
        }
    }
}
