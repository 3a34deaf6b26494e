import Daemon

/// A manual page as it is written: roff with the macros of man(7).
struct Page {
    /// Of the last version; a page has to have one.
    private static let date = "2026-11-26"

    /// The whole page so far.
    private(set) var text: String

    /// - Parameters:
    ///   - volume: the section of the manual, 1 to 8.
    ///   - purpose: what it is, in a few words without a full stop.
    init(_ name: String, _ volume: Int, _ purpose: String) {
        text = """
            .\\" Made by `roost write-docs` from the tables of the code. Do not edit here.
            .TH \(name.uppercased()) \(volume) \(Self.date) "Roost \(Daemon.version)"
            .SH NAME
            \(Self.escaped(name)) \\- \(Self.escaped(purpose))

            """
    }

    /// Begins a section.
    mutating func section(_ title: String) {
        add(".SH \"\(Self.escaped(title))\"")
    }

    /// Begins a part of a section.
    mutating func part(_ title: String) {
        add(".SS \"\(Self.escaped(title))\"")
    }

    /// Text in which `words` in backticks are literal.
    mutating func paragraph(_ words: String) {
        add(".PP\n" + Self.prose(words))
    }

    /// A term and what it means.
    mutating func item(_ term: String, _ meanings: String...) {
        add(".TP\n\\fB\(Self.escaped(term))\\fR\n" + meanings.filter { !$0.isEmpty }.map(Self.prose).joined(separator: "\n"))
    }

    /// Text as in the help of a command: indented lines are examples, and empty ones end a paragraph.
    mutating func discussion(_ words: String) {
        var (prose, example): ([Substring], [Substring]) = ([], [])
        func flush(_ page: inout Page) {
            if !prose.isEmpty { page.paragraph(prose.joined(separator: " ")) }
            if !example.isEmpty { page.example(example.map { String($0.drop { $0 == " " }) }) }
            (prose, example) = ([], [])
        }
        for line in words.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty || line.hasPrefix("  ") != prose.isEmpty { flush(&self) }
            if line.hasPrefix("  ") { example.append(line) } else if !line.isEmpty { prose.append(line) }
        }
        flush(&self)
    }

    /// Lines to type or to write into a file.
    mutating func example(_ lines: [String]) {
        add(".PP\n.RS 4\n.EX\n" + lines.map(Self.escaped).joined(separator: "\n") + "\n.EE\n.RE")
    }

    private mutating func add(_ lines: String) {
        // What comes first below a heading is a paragraph already.
        let isFirst = text.split(separator: "\n").last.map { $0.hasPrefix(".SH") || $0.hasPrefix(".SS") } == true
        text += (isFirst && lines.hasPrefix(".PP\n") ? String(lines.dropFirst(4)) : lines) + "\n"
    }

    private static func prose(_ words: String) -> String {
        words.split(separator: "`", omittingEmptySubsequences: false).enumerated().map { number, part in
            number % 2 == 0 ? escaped(String(part)) : "\\fB\(escaped(String(part)))\\fR"
        }.joined()
    }

    /// As text that no request or escape of roff is in.
    private static func escaped(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("\"", with: "\\(dq")
            .replacing("'", with: "\\(aq").replacing("…", with: "...").replacing("~", with: "\\(ti").replacing("^", with: "\\(ha")
        return escaped.hasPrefix(".") ? "\\&" + escaped : escaped
    }
}
