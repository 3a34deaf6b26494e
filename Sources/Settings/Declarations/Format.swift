/// How the values of a key are written: what they are called, how they are read and printed.
package struct Format<Value: Equatable & Sendable>: Sendable {
    /// What to write, for the manual and for messages, as "a whole number from 1 to 100".
    let kind: String
    let read: @Sendable (TOMLNode, ReadingContext) throws(ValueError) -> Value
    /// The value as TOML; `nil` when it stands for "not set".
    let write: @Sendable (Value) -> String?
    /// What a text outside of a file, where nothing is quoted, stands for.
    var plain: @Sendable (String) -> TOMLNode = { .string($0) }
}

/// What reading a value may depend on.
package struct ReadingContext: Sendable {
    /// Absolute path that relative paths start from.
    let directory: String

    func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : directory + "/" + path
    }
}

extension Format {
    /// The error for a value of the wrong type.
    func mismatch(_ node: TOMLNode) -> ValueError {
        ValueError("must be \(kind), not \(node.typeName)")
    }

    /// The same format where leaving the key out, or writing "", means "not set".
    var optional: Format<Value?> {
        Format<Value?>(
            kind: kind,
            read: { node, context throws(ValueError) in
                if node == .string("") { return nil }
                return try read(node, context)
            },
            write: { $0.flatMap(write) },
            plain: plain)
    }

    /// A list of such values; a wrong element does not hide the next.
    var list: Format<[Value]> { list(atMost: Setting.listLimit) }

    /// As above.
    ///
    /// - Parameter limit: how many elements it may have.
    func list(atMost limit: Int) -> Format<[Value]> {
        let kind = "a list, each element \(kind)"
        return Format<[Value]>(
            kind: kind,
            read: { node, context throws(ValueError) in
                guard case .array(let nodes) = node else { throw ValueError("must be \(kind), not \(node.typeName)") }
                var values: [Value] = []
                var findings: [ValueError.Finding] = []
                for (index, element) in nodes.enumerated() {
                    do throws(ValueError) {
                        values.append(try read(element, context))
                    } catch {
                        findings += error.findings.map { ValueError.Finding(element: index, message: $0.message, inside: $0.inside) }
                    }
                }
                if nodes.count > limit {
                    findings.append(.init(element: nil, message: "more than \(limit) elements"))
                }
                guard findings.isEmpty else { throw ValueError(findings: findings) }
                return values
            },
            write: { "[" + $0.compactMap(write).joined(separator: ", ") + "]" },
            plain: { text in
                if case .array(let nodes)? = TOMLNode.value(text) { return .array(nodes) }
                return .array(text.split(separator: ",").map { plain(String($0.drop { $0 == " " })) })
            })
    }
}

/// `text` as a basic TOML string.
func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"", "\\": result += "\\\(scalar)"
        case _ where scalar.value < 0x20 || scalar.value == 0x7F:
            let code = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - code.count) + code
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
