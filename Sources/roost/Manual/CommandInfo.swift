import ArgumentParser
import Foundation

/// A command with its arguments, as ArgumentParser describes it to programs.
struct CommandInfo: Decodable {
    struct Argument: Decodable {
        struct Name: Decodable {
            let kind: String
            let name: String

            var text: String { (kind == "long" ? "--" : "-") + name }
        }

        let kind: String
        let abstract: String?
        let names: [Name]?
        let valueName: String?
        let isOptional: Bool
        let isRepeating: Bool
        let shouldDisplay: Bool

        /// `--data <dir>`, as a term.
        var term: String {
            guard kind != "positional" else { return value }
            let names = (names ?? []).map(\.text).joined(separator: ", ")
            return kind == "flag" ? names : "\(names) \(value)"
        }

        /// `[--data <dir>]`, as in a usage line.
        var usage: String { isOptional ? "[\(term)]" : term }

        private var value: String { "<\(valueName ?? "")>" + (isRepeating ? " ..." : "") }
    }

    private struct Dump: Decodable {
        let command: CommandInfo
    }

    let commandName: String
    let abstract: String?
    let discussion: String?
    let shouldDisplay: Bool?
    let subcommands: [CommandInfo]?
    let arguments: [Argument]?

    /// Every command of the program.
    static func read() throws -> CommandInfo {
        try JSONDecoder().decode(Dump.self, from: Data(Roost._dumpHelp().utf8)).command
    }

    /// What a page is to show: not the commands for developers, and not `help`.
    var shown: [CommandInfo] {
        (subcommands ?? []).filter { $0.shouldDisplay != false && $0.commandName != "help" }
    }

    /// All but `--help`, which every command has.
    var ownArguments: [Argument] {
        (arguments ?? []).filter { $0.shouldDisplay && $0.names?.contains { $0.name == "help" } != true }
    }
}
