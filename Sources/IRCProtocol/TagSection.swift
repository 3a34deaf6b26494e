/// The tags of one line as they stand on the wire (IRCv3 message-tags).
package struct TagSection: Sendable, Equatable {
    /// What clients may send in tags, `@` and space not counted, in bytes (message-tags, "Size limit").
    package static let maximumClientBytes = 4094

    /// The section without `@`: `a=b;+c`.
    package let raw: String

    package init(raw: String) {
        self.raw = raw
    }

    /// The unescaped value of `key`: the last one when it occurs twice, `""` when it has none, nil when it is absent.
    package func value(of key: String) -> String? {
        var found: String?
        for tag in raw.split(separator: ";") {
            let (name, value) = Self.split(tag)
            if name == key { found = Self.unescape(value) }
        }
        return found
    }

    /// The client-only tags (those with `+`), raw, in order, the last of several with one name; `""` when there are none.
    package var clientOnly: String {
        guard raw.contains("+") else { return "" }
        var order: [Substring] = []
        var values: [Substring: Substring] = [:]
        for tag in raw.split(separator: ";") where tag.hasPrefix("+") && tag.count > 1 {
            let name = Self.split(tag).name
            if values.updateValue(tag, forKey: name) == nil { order.append(name) }
        }
        return order.compactMap { values[$0] }.joined(separator: ";")
    }

    /// Escapes a value (message-tags, "Escaping values").
    package static func escape(_ value: String) -> String {
        var escaped = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case ";": escaped += "\\:"
            case " ": escaped += "\\s"
            case "\\": escaped += "\\\\"
            case "\r": escaped += "\\r"
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// Reverses ``escape(_:)``; a lone backslash at the end is dropped, an unknown escape stands for its character.
    package static func unescape(_ value: some StringProtocol) -> String {
        guard value.contains("\\") else { return String(value) }
        var result = ""
        var escaping = false
        for scalar in value.unicodeScalars {
            guard escaping else {
                if scalar == "\\" { escaping = true } else { result.unicodeScalars.append(scalar) }
                continue
            }
            escaping = false
            switch scalar {
            case ":": result += ";"
            case "s": result += " "
            case "r": result += "\r"
            case "n": result += "\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func split(_ tag: Substring) -> (name: Substring, value: Substring) {
        guard let equals = tag.firstIndex(of: "=") else { return (tag, "") }
        return (tag[..<equals], tag[tag.index(after: equals)...])
    }
}
