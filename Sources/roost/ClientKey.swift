import ArgumentParser
import Daemon
import Foundation
import Store

struct ClientKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client-key",
        abstract: "Manage the keys that sign for this server at authorization servers.",
        discussion: """
            The first key is made by the server itself. A new one signs for those who log in from half an hour later on; the old
            ones stay for the sessions that were opened with them and are dropped when the last of these is over.

            Example:
              roost client-key add
            """,
        subcommands: [Add.self, List.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a new key. The server may be running; nobody has to log in again.",
            discussion: """
                Example:
                  roost client-key add
                """)

        @OptionGroup var places: PlaceOptions

        func run() async throws {
            try await reportingProblems { print("Added key \(try await ClientKeys.add(in: places.resolve()))") }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the keys: name, when it was made, how many sessions need it.",
            discussion: """
                Example:
                  roost client-key list
                """)

        @OptionGroup var places: PlaceOptions

        func run() async throws {
            try await reportingProblems {
                print("NAME\tMADE\tSESSIONS")
                for key in try await ClientKeys.list(in: places.resolve()) {
                    print("\(key.id)\t\(day(key.createdAt))\t\(key.sessions)")
                }
            }
        }
    }
}

/// The date of a time in milliseconds since 1970, in UTC.
func day(_ milliseconds: Int64) -> String {
    String(Date(timeIntervalSince1970: Double(milliseconds) / 1000).ISO8601Format().prefix(10))
}
