import Admin
import ArgumentParser
import Daemon
import Foundation

struct Admin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Give a command to the running server.",
        discussion: """
            The services of the server, with the powers of an operator, over the socket admin.sock in the data directory; what names no
            service is a command of OperServ. Run it as the user of the server or as root. When what is asked is not done, also
            because it wants a confirmation code first, the exit status is 1.

            Examples:
              roost admin help
              roost admin status
              roost admin clients '192.0.2.0/24'
              roost admin trace alice
              roost admin top
              roost admin nickserv help
              roost admin nickserv info alice
              roost admin nickserv for alice set always-on on
              roost admin chanserv info '#chat'
              roost admin --json chanserv list
              roost admin --stdin nickserv saregister alice < password.txt
              roost admin ban list
              roost admin rehash
              roost admin certificates
              roost admin loglevel debug
              roost admin drain
              roost admin rotate-key
              roost admin backup /var/lib/roost/monday.backup
            """,
        subcommands: [AdminService.self, AdminRotateKey.self, AdminBackup.self],
        defaultSubcommand: AdminService.self)

    /// Asks the server whose data is in `directory`; nil when none runs there.
    static func ask(_ request: AdminRequest, in directory: String) async throws -> AdminAnswer? {
        let path = directory + "/" + DataDirectory.adminSocketName
        do {
            return try await AdminClient.ask(request, at: path)
        } catch AdminClient.Failure.notRunning {
            return nil
        } catch AdminClient.Failure.notAllowed {
            throw StartError(path, "only the user of the server may speak to it", remedy: "run it as that user or as root: sudo -u roost …")
        } catch AdminClient.Failure.noAnswer {
            throw StartError(path, "the server hung up", remedy: "run it as the user of the server; its log says more")
        }
    }
}

extension StartError {
    /// Nobody answers the admin socket of the data directory `data`.
    static func notRunning(_ data: String) -> StartError {
        StartError(
            data + "/" + DataDirectory.adminSocketName, "no server answers there",
            remedy: "start it, or say with --data which one you mean")
    }
}

struct AdminService: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service",
        abstract: "Give a command to a service; the words service and operserv may be left out.",
        discussion: """
            Examples:
              roost admin nickserv help
              roost admin --json chanserv list
            """)

    @Flag(name: .long, help: "Print the answer as one JSON object.")
    var json = false

    @Flag(
        name: .long, help: "Add the first line of standard input to the command: for passwords, since arguments are visible to other users."
    )
    var stdin = false

    @OptionGroup var places: PlaceOptions

    @Argument(help: "The service: nickserv, chanserv, hostserv, histserv or operserv, or ns, cs, hs, os; or a command of operserv.")
    var service: String

    @Argument(parsing: .allUnrecognized, help: ArgumentHelp("The command and its arguments; help lists them.", valueName: "command"))
    var command: [String] = []

    func validate() throws {
        guard service != AdminRotateKey.configuration.commandName || command.isEmpty else {
            throw ValidationError("rotate-key takes no arguments")
        }
    }

    func run() async throws {
        // With an option before it, the name of another command is taken for that of a service.
        if service == AdminRotateKey.configuration.commandName { return try await AdminRotateKey.rotate(places) }
        try await reportingProblems {
            let data = try places.resolve().dataDirectory
            let words = command + (stdin ? [readLine(strippingNewline: true) ?? ""] : [])
            guard let answer = try await Admin.ask(AdminRequest(service: service, command: words.joined(separator: " ")), in: data) else {
                throw StartError.notRunning(data)
            }
            if json {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
                print(String(decoding: try encoder.encode(answer), as: UTF8.self))
            } else {
                for line in answer.lines ?? [] { print(line) }
                if let error = answer.error { complain(error) }
            }
            if answer.error != nil || answer.refused == true { throw ExitCode.failure }
        }
    }
}
