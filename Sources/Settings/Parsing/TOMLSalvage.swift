/// Reads of a TOML document what can be read: a section with an error in it is left out, so that mistakes in the others are found too.
struct TOMLSalvage {
    private(set) var entries: [String: TOMLNode] = [:]
    /// One for each section that is left out, in order.
    private(set) var errors: [SyntaxError] = []
    /// The names of the sections that are left out; nil: nothing could be read.
    private(set) var lostSections: Set<String>? = []

    /// More errors than these are not looked for.
    private static let errorLimit = 20

    private var lines: [Substring]

    /// What is left of the text; its lines are where they were.
    var text: String { lines.joined(separator: "\n") }

    init(_ text: String) {
        lines = text.lines
        while true {
            do throws(SyntaxError) {
                entries = try TOMLNode.document(self.text)
                return
            } catch {
                guard errors.count < Self.errorLimit, leaveOut(error) else {
                    lostSections = nil
                    return
                }
            }
        }
    }

    /// Empties the section that `error` is in, and notes it. False when there is nothing left to empty.
    private mutating func leaveOut(_ error: SyntaxError) -> Bool {
        // What one mistake brings along is not another one.
        if errors.last?.position.line != error.position.line { errors.append(error) }
        let line = min(max(error.position.line - 1, 0), lines.count - 1)
        guard let header = lines[...line].lastIndex(where: { Self.section(of: $0) != nil }) else { return empty(from: 0, nil) }
        let before = lines[..<header].lastIndex { Self.section(of: $0) != nil }
        let isSecond = lines[..<header].contains { Self.section(of: $0) != nil && $0 == lines[header] }
        // What the section before left open ends at this header at the latest.
        if header == line, !isSecond, let before, empty(from: before + 1, before) { return true }
        if empty(from: header + 1, header) { return true }
        // The header itself is wrong.
        lines[header] = ""
        return true
    }

    /// Empties the lines of the section with this header, the header not included; nil: what stands before all of them.
    private mutating func empty(from start: Int, _ header: Int?) -> Bool {
        let end = lines[start...].firstIndex { Self.section(of: $0) != nil } ?? lines.count
        let isFull = lines[start..<end].contains { !$0.allSatisfy(\.isWhitespace) }
        guard isFull else { return false }
        for index in start..<end { lines[index] = "" }
        if let header, let name = Self.section(of: lines[header]) {
            lostSections?.insert(name)
        } else {
            // Keys outside of a section may be of any.
            lostSections = lostSections == nil ? nil : Set(Setting.sections)
        }
        return true
    }

    /// The first part of the name of a section, when `line` begins one.
    private static func section(of line: Substring) -> String? {
        let text: Substring = line.drop { $0.isWhitespace }
        guard text.first == "[" else { return nil }
        let start: Substring = text.drop { $0 == "[" || $0 == " " }
        let name = start.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
        let end: Substring = text.drop { $0 != "]" }
        let rest: Substring = end.drop { $0 == "]" || $0.isWhitespace }
        guard !name.isEmpty, rest.isEmpty || rest.first == "#" else { return nil }
        return String(name)
    }
}
