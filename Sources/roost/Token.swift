import ArgumentParser
import Daemon
import Store

struct Token: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Manage tokens for the HTTP API.",
        discussion: """
            A token is for what its scopes say. Programs send it as Authorization: Bearer.

            Example:
              roost token add prometheus --scope metrics
            """,
        subcommands: [Add.self, List.self, Revoke.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token and print it: it is shown only this once.",
            discussion: """
                Scopes:
                \(APIScope.allCases.map { "  \($0.rawValue): \($0.summary)" }.joined(separator: "\n"))

                Example:
                  roost token add news --scope messages:send --channel '#news' --expires 90d
                """)

        @Argument(help: "A name for it, for the log and to revoke it.")
        var name: String

        @Option(name: .long, help: "What it is for; once for each, or with commas between them.")
        var scope: [String] = []

        @Option(name: .long, help: "A channel that scopes about channels are narrowed to; without it: all of them.")
        var channel: [String] = []

        @Option(name: .long, help: "After how long it is void, such as 90d or 12h. Without it: never.")
        var expires: String?

        @OptionGroup var places: PlaceOptions

        func run() async throws {
            try await reportingProblems {
                let order = APITokens.Order(name: name, scopes: scope, channels: channel, expires: expires)
                print(try await APITokens.add(order, in: places.resolve().dataDirectory))
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the tokens: name, when it was made, ends and was last used, scopes, channels.",
            discussion: """
                Example:
                  roost token list
                """)

        @OptionGroup var places: PlaceOptions

        func run() async throws {
            try await reportingProblems {
                for token in try await APITokens.list(in: places.resolve().dataDirectory) {
                    let days = [day(token.createdAt), token.expiresAt.map(day) ?? "never", token.lastUsedAt.map(day) ?? "unused"]
                    let scopes = token.scopes.map(\.rawValue).sorted().joined(separator: ",")
                    let channels = token.channels?.sorted().joined(separator: ",") ?? "*"
                    print(([token.name] + days + [scopes, channels]).joined(separator: "\t"))
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
