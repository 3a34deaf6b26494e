/// How the lines of a scenario are read.
extension Scenario {
    /// What goes over the wire for a line that is to be sent.
    package static func bytes(_ text: String) -> [UInt8] {
        var rest = text[...]
        var bytes: [UInt8] = []
        while let found = rest.firstMatch(of: /\\([0-9A-F]{2})/) {
            bytes += rest[..<found.range.lowerBound].utf8
            bytes.append(UInt8(found.1, radix: 16) ?? 0)
            rest = rest[found.range.upperBound...]
        }
        return bytes + rest.utf8
    }

    /// The value of the tag `msgid` of a line; nil when it has none.
    package static func messageID(of line: String) -> String? {
        guard line.hasPrefix("@") else { return nil }
        let tags = line.dropFirst().prefix { $0 != " " }.split(separator: ";")
        return tags.first { $0.hasPrefix("msgid=") }.map { String($0.dropFirst(6)) }
    }

    /// A word of a line, counted from its end; nil when it has not so many.
    package static func word(_ position: Int, fromEndOf line: String) -> String? {
        let words = line.split(separator: " ")
        return words.indices.contains(words.count - position) ? String(words[words.count - position]) : nil
    }

    /// Whether a line fits a pattern; without its tags, unless the pattern begins with those.
    package static func matches(_ line: String, _ pattern: String) -> Bool {
        let body = line.hasPrefix("@") && !pattern.hasPrefix("@") ? String(line.drop { $0 != " " }.dropFirst()) : line
        let (text, glob) = (Array(body), Array(pattern))
        var (position, place, star, mark) = (0, 0, -1, 0)
        while position < text.count {
            if place < glob.count, glob[place] == "*" {
                (star, mark) = (place, position)
                place += 1
            } else if place < glob.count, glob[place] == "?" || glob[place] == text[position] {
                (place, position) = (place + 1, position + 1)
            } else if star >= 0 {
                mark += 1
                (place, position) = (star + 1, mark)
            } else {
                return false
            }
        }
        return glob[place...].allSatisfy { $0 == "*" }
    }
}
