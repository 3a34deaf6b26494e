/// Byte counts as people write them: `"1 MiB"`, or a plain number of bytes.
package enum ByteSize {
    private static let units: [(name: String, factor: Int)] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)]

    /// - Returns: the number of bytes, or `nil` when `text` is no size or too large to count.
    package static func read(_ text: String) -> Int? {
        Quantity.read(text, units: units)
    }

    /// The shortest exact form.
    package static func write(_ bytes: Int) -> String {
        Quantity.write(bytes, units: units)
    }
}

/// Spans of time as people write them: `"30 s"`, or a plain number of seconds. Exact to the millisecond.
package enum TimeSpan {
    private static let units: [(name: String, factor: Int)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1_000), ("ms", 1),
    ]

    package static func read(_ text: String) -> Duration? {
        Quantity.read(text, units: units).map { .milliseconds($0) }
    }

    /// The shortest exact form.
    package static func write(_ span: Duration) -> String {
        Quantity.write(Int(span / .milliseconds(1)), units: units)
    }
}

/// A whole number with a unit.
private enum Quantity {
    static func read(_ text: String, units: [(name: String, factor: Int)]) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text[digits.endIndex...].drop { $0 == " " }
        guard let number = Int(digits), let factor = units.first(where: { $0.name == unit })?.factor else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }

    /// - Parameter units: from large to small; the last has factor 1.
    static func write(_ number: Int, units: [(name: String, factor: Int)]) -> String {
        let unit = units.first { number != 0 && number.isMultiple(of: $0.factor) } ?? units[units.count - 1]
        return "\(number / unit.factor) \(unit.name)"
    }
}
