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
        subcommands: [Add.self])

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
