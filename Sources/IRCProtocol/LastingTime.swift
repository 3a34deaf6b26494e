/// How long something lasts, as operators write it: `1d12h`, `2w`, or a whole number of minutes; `0` is for ever.
package struct LastingTime: Sendable, Equatable {
    /// Seconds; nil: for ever.
    package let seconds: Int64?

    /// Ten years: what lasts longer is meant to last for ever.
    package static let limit: Int64 = 3650 * 86_400

    private static let units: [(name: String, seconds: Int64)] = [
        ("mo", 30 * 86_400), ("y", 365 * 86_400), ("w", 7 * 86_400), ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1),
    ]

    /// Nil when `text` is no time, or one beyond ``limit``.
    package init?(_ text: some StringProtocol) {
        var rest = text.lowercased()[...]
        guard rest.first?.isNumber == true, rest.utf8.count <= 32 else { return nil }
        var total: Int64 = 0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard let count = Int64(digits), count <= Self.limit else { return nil }
            rest = rest.dropFirst(digits.count)
            // A number alone is minutes.
            guard let unit = rest.isEmpty && digits.count == text.count ? ("", 60) : Self.units.first(where: { rest.hasPrefix($0.name) })
            else { return nil }
            rest = rest.dropFirst(unit.0.count)
            total += count * unit.1
            guard total <= Self.limit else { return nil }
        }
        seconds = total == 0 ? nil : total
    }

    package init(seconds: Int64?) {
        self.seconds = seconds
    }

    /// The two largest units: `1d12h`.
    package var text: String {
        guard var rest = seconds else { return "ever" }
        var parts: [String] = []
        for (name, size) in Self.units.sorted(by: { $0.seconds > $1.seconds }) where rest >= size && parts.count < 2 {
            parts.append("\(rest / size)\(name)")
            rest %= size
        }
        return parts.isEmpty ? "0s" : parts.joined()
    }
}
