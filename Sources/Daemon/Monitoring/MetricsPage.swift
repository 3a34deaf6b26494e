import MainLoop

/// A page in the text format of Prometheus (version 0.0.4), put together metric by metric.
struct MetricsPage {
    /// What a metric is.
    enum Kind: String {
        case counter, gauge
    }

    /// One value of a metric.
    struct Sample {
        /// Names and values of its labels; only what this server wrote itself, so that nobody can make more of them.
        var labels: [(name: String, value: String)] = []
        var value: Double
    }

    private(set) var text = ""

    /// Adds a metric with one value.
    mutating func add(_ kind: Kind, _ name: String, _ help: String, _ value: some BinaryInteger) {
        add(kind, name, help, Double(value))
    }

    /// As above, for what is no whole number.
    mutating func add(_ kind: Kind, _ name: String, _ help: String, _ value: Double) {
        add(kind, name, help, [Sample(value: value)])
    }

    /// Adds a metric with a value for each of `labels`.
    mutating func add(_ kind: Kind, _ name: String, _ help: String, by label: String, _ values: [(String, Int)]) {
        add(kind, name, help, values.map { Sample(labels: [(label, $0)], value: Double($1)) })
    }

    /// Adds a counter for each thing that a tally counts.
    mutating func add<Label>(_ name: String, _ help: String, by label: String, _ tally: Tally<Label>)
    where Label: RawRepresentable<String> {
        add(.counter, name, help, by: label, Label.allCases.map { ($0.rawValue, tally[$0]) })
    }

    /// Adds a metric with any labels.
    mutating func add(_ kind: Kind, _ name: String, _ help: String, _ samples: [Sample]) {
        head(name, kind.rawValue, help)
        for sample in samples { line(name, sample.labels, sample.value) }
    }

    /// Adds a histogram in seconds, of one kind of thing or of several.
    mutating func add(_ name: String, _ help: String, _ histograms: [(labels: [(name: String, value: String)], times: Histogram)]) {
        head(name, "histogram", help)
        for (labels, times) in histograms {
            var sum = 0
            for (bound, count) in zip(times.bounds, times.counts) {
                sum += count
                line(name + "_bucket", labels + [("le", Self.number(bound.inSeconds))], Double(sum))
            }
            sum += times.counts.last ?? 0
            line(name + "_bucket", labels + [("le", "+Inf")], Double(sum))
            line(name + "_sum", labels, times.sum.inSeconds)
            line(name + "_count", labels, Double(sum))
        }
    }

    /// Adds a histogram without labels.
    mutating func add(_ name: String, _ help: String, _ times: Histogram) {
        add(name, help, [([], times)])
    }

    private mutating func head(_ name: String, _ type: String, _ help: String) {
        text += "# HELP \(name) \(Self.escaped(help, quote: false))\n# TYPE \(name) \(type)\n"
    }

    private mutating func line(_ name: String, _ labels: [(name: String, value: String)], _ value: Double) {
        text += name
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0.name)=\"\(Self.escaped($0.value, quote: true))\"" }.joined(separator: ",") + "}"
        }
        text += " \(Self.number(value))\n"
    }

    /// Whole numbers without a fraction.
    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int64(exactly: value).map(String.init) ?? "\(value)"
    }

    private static func escaped(_ text: String, quote: Bool) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\"") }) else {
            return text
        }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quote: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}

extension Duration {
    /// Seconds and their fraction.
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
