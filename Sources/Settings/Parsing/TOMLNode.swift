import TOMLKit

/// A parsed TOML value. The rest of the module does not know the TOML library.
package indirect enum TOMLNode: Equatable, Sendable {
    case string(String)
    case integer(Int)
    case boolean(Bool)
    case array([TOMLNode])
    case table([String: TOMLNode])
    /// A type that no key takes, by its name: a date, a fraction.
    case other(String)

    /// What a person calls a value of this type.
    package var typeName: String {
        switch self {
        case .string: "text"
        case .integer: "a whole number"
        case .boolean: "true or false"
        case .array: "a list"
        case .table: "a section"
        case .other(let name): "a \(name)"
        }
    }

    /// Parses a whole document.
    package static func document(_ text: String) throws(SyntaxError) -> [String: TOMLNode] {
        // The library would take it for the end.
        if let line = text.lines.firstIndex(where: { $0.utf8.contains(0) }) {
            throw SyntaxError(position: Position(line: line + 1, column: 1), message: "a NUL character is no text")
        }
        do {
            guard case .table(let entries) = TOMLNode(try TOMLTable(string: text)) else { return [:] }
            return entries
        } catch let error as TOMLParseError {
            throw SyntaxError(
                position: Position(line: error.source.begin.line, column: error.source.begin.column), message: error.description)
        } catch {
            throw SyntaxError(position: Position(line: 1, column: 1), message: String(describing: error))
        }
    }

    /// The value that `text` is in a file; nil when it is none.
    static func value(_ text: String) -> TOMLNode? {
        guard let entries = try? document("value = \(text)"), entries.count == 1 else { return nil }
        return entries["value"]
    }

    /// The value that `text` is in a file, or the text itself.
    @Sendable static func plain(_ text: String) -> TOMLNode {
        value(text) ?? .string(text)
    }

    private init(_ value: any TOMLValueConvertible) {
        if let string = value.string {
            self = .string(string)
        } else if let integer = value.int {
            self = .integer(integer)
        } else if let boolean = value.bool {
            self = .boolean(boolean)
        } else if let array = value.array {
            self = .array(array.map { TOMLNode($0) })
        } else if let table = value.table {
            self = .table(Dictionary(uniqueKeysWithValues: table.keys.compactMap { key in table[key].map { (key, TOMLNode($0)) } }))
        } else {
            self = .other(value.type.description)
        }
    }
}

extension String {
    /// Its lines without their ends, of either kind.
    var lines: [Substring] { split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" } }
}

/// The text is not TOML. The parser stops at the first such place.
package struct SyntaxError: Error, Equatable, Sendable {
    package var position: Position
    package var message: String
}

/// A place in a text; both count from 1, the column in Unicode scalars.
package struct Position: Equatable, Sendable, Comparable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (one: Position, other: Position) -> Bool {
        (one.line, one.column) < (other.line, other.column)
    }
}
