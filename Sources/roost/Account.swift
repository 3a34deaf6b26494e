import ArgumentParser
import Daemon
import Foundation
import Settings

struct Account: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Manage local accounts.",
        discussion: """
            People with a Bluesky login need no local account.

            Example:
              roost account add alice --password-stdin < password.txt
            """,
        subcommands: [Add.self, Export.self, Erase.self])

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print all that is stored of a person, a JSON object a line.",
            discussion: """
                First what belongs to the account, each row with the name of its table, then everything that it said. Passwords and
                tokens are left out, also as hashes. The server may be running.

                Example:
                  roost account export alice --data /var/lib/roost > alice.jsonl
                """)

        @Argument(help: "Name of the account; a DID for an account of the AT Protocol.")
        var name: String

        @OptionGroup var places: PlaceOptions

        func run() async throws {
            try await reportingProblems {
                try await LocalAccounts.export(name: name, in: places.resolve().dataDirectory) { lines in
                    try FileHandle.standardOutput.write(contentsOf: lines)
                }
            }
        }
    }

    struct Erase: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Erase a person for good: account, logins, and what it said.",
            discussion: """
                Direct conversations go with both sides of them. The name is not given out again, unless it is a DID. The server
                must be stopped; while it runs, use roost admin histserv saforget and roost admin nickserv erase. Backups that
                were made before still have everything.

                Examples:
                  roost account erase alice --yes --data /var/lib/roost
                  roost account erase alice --yes --keep-messages --data /var/lib/roost
                """)

        @Argument(help: "Name of the account; a DID for an account of the AT Protocol.")
        var name: String

        @Flag(name: .long, help: "Keep what was said in channels, without its author.")
        var keepMessages = false

        @Flag(name: .long, help: "You mean it. Nobody can bring it back.")
        var yes = false

        @OptionGroup var places: PlaceOptions

        func validate() throws {
            guard yes else { throw ValidationError("nobody can bring it back; say --yes when you mean it") }
        }

        func run() async throws {
            try await reportingProblems {
                let directory = try places.resolve().dataDirectory
                let count = try await LocalAccounts.erase(name: name, keepsMessages: keepMessages, in: directory)
                print("Erased \(name): \(count) messages and events are \(keepMessages ? "without their author or deleted" : "deleted")")
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a local account, for SASL PLAIN.",
            discussion: """
                The password is read from standard input up to the end of the first line. The server may be running.

                Examples:
                  roost account add alice --password-stdin < password.txt
                  roost account add root --password-stdin --operator --data /var/lib/roost < password.txt
                """)

        @Argument(help: "Name of the account.")
        var name: String

        @Flag(name: .long, help: "Read the password from standard input. The only way there is: arguments are visible to other users.")
        var passwordStdin = false

        @Flag(name: .long, help: "Make the account an operator of the server.")
        var `operator` = false

        @OptionGroup var places: PlaceOptions

        func validate() throws {
            guard passwordStdin else { throw ValidationError("give the password on standard input, with --password-stdin") }
        }

        func run() async throws {
            try await reportingProblems {
                let launch = try places.resolve()
                guard let password = readLine(strippingNewline: true), !password.isEmpty else {
                    throw StartError(
                        "standard input", "there is no password in it", remedy: "pipe it in: roost account add … < password.txt")
                }
                try await LocalAccounts.add(
                    name: name, password: password, isOperator: `operator`, rules: launch.settings.accounts, in: launch.dataDirectory)
                print("Added account \(name) in \(launch.dataDirectory)")
            }
        }
    }
}
