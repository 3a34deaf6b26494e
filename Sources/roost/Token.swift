import ArgumentParser
import Daemon
import Store

struct Token: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Manage tokens for the HTTP API.",
        discussion: """
            A token has the powers of an operator. Programs send it as Authorization: Bearer.

            Example:
              roost token add backup-bot --days 90
            """,
        subcommands: [Add.self, List.self, Revoke.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token and print it: it is shown only this once.",
            discussion: """
                Example:
                  roost token add backup-bot --days 90
                """)

        @Argument(help: "A name for it, for the log and to revoke it.")
        var name: String

        @Option(name: .long, help: "After how many days it is void. Without it: never.")
        var days: Int?

        @OptionGroup var places: PlaceOptions

        func run() async throws {
            try await reportingProblems { print(try await APITokens.add(name: name, days: days, in: places.resolve().dataDirectory)) }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the tokens: name, when it was made, when it ends.",
            discussion: """
                Example:
                  roost token list
                """)

        @OptionGroup var places: PlaceOptions

        func run() async throws {
            try await reportingProblems {
                for token in try await APITokens.list(in: places.resolve().dataDirectory) {
                    print("\(token.name)\t\(day(token.createdAt))\t\(token.expiresAt.map(day) ?? "never")")
                }
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token void, at once.",
            discussion: """
                Example:
                  roost token revoke backup-bot
                """)

        @Argument(help: "The name of the token.")
        var name: String

        @OptionGroup var places: PlaceOptions

        func run() async throws {
            try await reportingProblems {
                try await APITokens.revoke(name: name, in: places.resolve().dataDirectory)
                print("Revoked \(name)")
            }
        }
    }
}
