extension Format where Value == Bool {
    static let boolean = Format(
        kind: "true or false",
        read: { node, _ throws(ValueError) in
            guard case .boolean(let value) = node else { throw ValueError("must be true or false, not \(node.typeName)") }
            return value
        },
        write: { $0 ? "true" : "false" },
        plain: TOMLNode.plain)
}

extension Format where Value == Int {
    static func integer(_ range: ClosedRange<Int>) -> Format {
        let kind = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        return Format(
            kind: kind,
            read: { node, _ throws(ValueError) in
                guard case .integer(let value) = node else { throw ValueError("must be \(kind), not \(node.typeName)") }
                guard range.contains(value) else { throw ValueError("must be \(kind), not \(value)") }
                return value
            },
            write: { String($0) },
            plain: TOMLNode.plain)
    }

    /// A number of bytes, with a unit or without.
    static func bytes(_ range: ClosedRange<Int>) -> Format {
        let kind = "a size from \"\(ByteSize.write(range.lowerBound))\" to \"\(ByteSize.write(range.upperBound))\""
        return Format(
            kind: kind,
            read: { node, _ throws(ValueError) in
                let value: Int
                switch node {
                case .integer(let bytes): value = bytes
                case .string(let text):
                    guard let bytes = ByteSize.read(text) else {
                        throw ValueError("\"\(text)\" is no size; write a whole number with B, KiB, MiB or GiB, such as \"64 KiB\"")
                    }
                    value = bytes
                default: throw ValueError("must be \(kind), not \(node.typeName)")
                }
                guard range.contains(value) else { throw ValueError("must be \(kind), not \"\(ByteSize.write(value))\"") }
                return value
            },
            write: { quoted(ByteSize.write($0)) },
            plain: TOMLNode.plain)
    }
}

extension Format where Value == Duration {
    /// A span of time, with a unit or as a number of seconds.
    static func span(_ range: ClosedRange<Duration>) -> Format {
        let kind = "a time from \"\(TimeSpan.write(range.lowerBound))\" to \"\(TimeSpan.write(range.upperBound))\""
        return Format(
            kind: kind,
            read: { node, _ throws(ValueError) in
                let value: Duration
                switch node {
                case .integer(let seconds): value = .seconds(seconds)
                case .string(let text):
                    guard let span = TimeSpan.read(text) else {
                        throw ValueError("\"\(text)\" is no time; write a whole number with ms, s, min, h or d, such as \"30 s\"")
                    }
                    value = span
                default: throw ValueError("must be \(kind), not \(node.typeName)")
                }
                guard range.contains(value) else { throw ValueError("must be \(kind)") }
                return value
            },
            write: { quoted(TimeSpan.write($0)) },
            plain: TOMLNode.plain)
    }
}
