/// One thing that is wrong with a configuration file.
package struct SettingsProblem: Error, Equatable, Sendable, CustomStringConvertible {
    /// As the user named it.
    package var file: String
    /// `nil` when the file itself is the problem.
    package var position: Position?
    package var message: String

    package init(file: String, position: Position?, message: String) {
        self.file = file
        self.position = position
        self.message = message
    }

    /// One line: `file:line:column: message`.
    package var description: String {
        guard let position else { return "\(file): \(message)" }
        return "\(file):\(position.line):\(position.column): \(message)"
    }
}

/// All that is wrong with a configuration file, in the order of its lines. Never empty.
package struct SettingsProblems: Error, Equatable, Sendable, CustomStringConvertible {
    package let list: [SettingsProblem]

    package init(_ list: [SettingsProblem]) {
        self.list = list.enumerated().sorted { one, other in
            let start = Position(line: 0, column: 0)
            let (left, right) = (one.element.position ?? start, other.element.position ?? start)
            return left == right ? one.offset < other.offset : left < right
        }.map(\.element)
    }

    /// One line for each.
    package var description: String { list.map(\.description).joined(separator: "\n") }
}
