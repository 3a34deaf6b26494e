/// Finds where each section, key and list element of a TOML document stands.
///
/// The TOML library tells no positions of what it parsed. This reads the text a second time, after the library has accepted it, so it
/// need not tell good from bad: on a text that is no TOML it finds some places or none.
package struct KeyLocator {
    package enum Step: Hashable, Sendable {
        case key(String)
        case index(Int)
    }

    package struct Place: Equatable, Sendable {
        /// Where the name stands; for a list element the same as `value`.
        package var key: Position
        /// Where the value begins; for a section the same as `key`.
        package var value: Position
    }

    private var places: [[Step]: Place] = [:]
    private var cursor: TOMLCursor
    /// How many `[[name]]` there have been.
    private var repetitions: [[Step]: Int] = [:]

    package init(_ text: String) {
        cursor = TOMLCursor(text)
        readDocument()
    }

    /// - Parameter path: names of sections and keys, and indexes into lists.
    package func place(of path: [Step]) -> Place? {
        places[path]
    }

    private mutating func readDocument() {
        var section: [Step] = []
        cursor.skipBlank()
        while !cursor.isAtEnd {
            if cursor.peek() == "[" {
                section = readHeader()
            } else {
                readAssignment(in: section)
            }
            cursor.skipLine()
            cursor.skipBlank()
        }
    }

    private mutating func readHeader() -> [Step] {
        let repeats = cursor.peek(1) == "["
        cursor.advance(repeats ? 2 : 1)
        var path: [Step] = []
        for part in cursor.readKey() {
            if let count = repetitions[path] { path.append(.index(count - 1)) }
            path.append(.key(part.name))
            note(path, Place(key: part.position, value: part.position))
        }
        if repeats {
            let count = repetitions[path, default: 0]
            repetitions[path] = count + 1
            path.append(.index(count))
            note(path, Place(key: cursor.position, value: cursor.position))
        } else if let count = repetitions[path] {
            path.append(.index(count - 1))
        }
        return path
    }

    private mutating func readAssignment(in section: [Step]) {
        var path = section
        let parts = cursor.readKey()
        guard let last = parts.last, cursor.peek() == "=" else { return }
        cursor.advance()
        cursor.skipSpaces()
        for part in parts {
            path.append(.key(part.name))
            note(path, Place(key: part.position, value: part.position))
        }
        places[path] = Place(key: last.position, value: cursor.position)
        readValue(at: path)
    }

    private mutating func readValue(at path: [Step]) {
        switch cursor.peek() {
        case "\"", "'": cursor.readString()
        case "[": readArray(at: path)
        case "{": readInlineTable(at: path)
        default:
            while let next = cursor.peek(), !",]}#\n".unicodeScalars.contains(next) { cursor.advance() }
        }
    }

    private mutating func readArray(at path: [Step]) {
        cursor.advance()
        var index = 0
        cursor.skipBlank()
        while let next = cursor.peek(), next != "]" {
            let element = path + [.index(index)]
            note(element, Place(key: cursor.position, value: cursor.position))
            readValue(at: element)
            index += 1
            skipSeparator(before: "]")
        }
        cursor.advance()
    }

    private mutating func readInlineTable(at path: [Step]) {
        cursor.advance()
        cursor.skipBlank()
        while let next = cursor.peek(), next != "}" {
            readAssignment(in: path)
            skipSeparator(before: "}")
        }
        cursor.advance()
    }

    /// Goes past a comma; past anything else as well, so that a text that is no TOML comes to an end too.
    private mutating func skipSeparator(before end: Unicode.Scalar) {
        cursor.skipBlank()
        if let next = cursor.peek(), next != end {
            cursor.advance()
            cursor.skipBlank()
        }
    }

    /// The first place of a name counts.
    private mutating func note(_ path: [Step], _ place: Place) {
        if places[path] == nil { places[path] = place }
    }
}
