import ArgumentParser
import Daemon
import Foundation
import Settings

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find mistakes in the configuration.",
        discussion: """
            Reports all of them at once, with line and column: unknown keys, wrong types, impossible values, unreadable
            files, certificates that do not fit their key. Exit status 0: none; 78: some.

            Examples:
              roost check
              roost check --config /etc/roost/roost.toml
              roost check --json
            """)

    @Flag(name: .long, help: "Print what was found as one JSON object.")
    var json = false

    @OptionGroup var places: PlaceOptions

    func run() async throws {
        let found = places.inspect()
        if json { try printJSON(found) } else { printText(found) }
        guard found.problems.isEmpty else { throw ExitCode(ExitStatus.configuration) }
    }

    private func printText(_ found: Inspection) {
        for problem in found.problems { complain(problem.description) }
        for warning in found.warnings { print("warning: \(warning)") }
        for (key, variable) in found.overrides { print("\(key): set by $\(variable)") }
        guard found.problems.isEmpty else { return }
        print(found.file.map { "\($0): no mistakes" } ?? "There is no configuration file; the defaults are used.")
    }

    private func printJSON(_ found: Inspection) throws {
        struct Problem: Encodable {
            let file: String
            let line: Int?
            let column: Int?
            let message: String
        }
        struct Findings: Encodable {
            let file: String?
            let problems: [Problem]
            let warnings: [String]
            /// Names of keys and of the variables that decide them.
            let environment: [String: String]
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let findings = Findings(
            file: found.file,
            problems: found.problems.map {
                Problem(file: $0.file, line: $0.position?.line, column: $0.position?.column, message: $0.message)
            },
            warnings: found.warnings,
            environment: Dictionary(uniqueKeysWithValues: found.overrides.map { ($0.key, $0.variable) }))
        print(String(decoding: try encoder.encode(findings), as: UTF8.self))
    }
}
