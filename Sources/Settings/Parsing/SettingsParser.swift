/// Turns the text of a configuration file into ``Settings``, or into everything that is wrong with it.
package struct SettingsParser {
    private let file: String
    private let context: ReadingContext
    private let locator: KeyLocator
    private var settings = Settings()
    private var problems: [SettingsProblem] = []

    /// - Parameters:
    ///   - file: what to call the file in messages.
    ///   - directory: absolute path that relative paths in the file start from.
    /// - Throws: all problems at once; a text that is no TOML at all counts as one, at the first place that is wrong.
    package static func parse(_ text: String, file: String, directory: String) throws(SettingsProblems) -> Settings {
        let document: [String: TOMLNode]
        do {
            document = try TOMLNode.document(text)
        } catch {
            throw SettingsProblems([SettingsProblem(file: file, position: error.position, message: "not valid TOML: \(error.message)")])
        }
        var parser = SettingsParser(file: file, context: ReadingContext(directory: directory), locator: KeyLocator(text))
        parser.readSections(document)
        if parser.problems.isEmpty { parser.checkConsistency() }
        guard parser.problems.isEmpty else { throw SettingsProblems(parser.problems) }
        return parser.settings
    }

    private init(file: String, context: ReadingContext, locator: KeyLocator) {
        self.file = file
        self.context = context
        self.locator = locator
    }

    private mutating func readSections(_ document: [String: TOMLNode]) {
        for (section, node) in document {
            guard Setting.sections.contains(section) else {
                report([.key(section)], unknownSection(section, node))
                continue
            }
            guard case .table(let entries) = node else {
                report([.key(section)], "\(section) must be a section, written [\(section)], not \(node.typeName)")
                continue
            }
            for (key, value) in entries { read(key, value, in: section) }
        }
    }

    private mutating func read(_ key: String, _ value: TOMLNode, in section: String) {
        let path: [KeyLocator.Step] = [.key(section), .key(key)]
        guard let setting = Setting.named(section, key) else {
            report(path, unknownKey(key, in: section))
            return
        }
        do {
            try setting.read(value, context, &settings)
        } catch {
            for finding in error.findings {
                let place = finding.element.flatMap { locator.place(of: path + [.index($0)]) } ?? locator.place(of: path)
                note(place?.value, "\(setting.name): \(finding.message)")
            }
        }
    }

    private mutating func checkConsistency() {
        for finding in settings.contradictions {
            note(
                locator.place(of: [.key(finding.section), .key(finding.key)])?.value,
                "\(finding.section).\(finding.key): \(finding.message)")
        }
    }

    private func unknownSection(_ name: String, _ node: TOMLNode) -> String {
        if case .table = node {
            return "unknown section [\(name)]" + suggestion(NearestName.of(name, among: Setting.sections).map { "[\($0)]" })
        }
        let home = Setting.all.first { $0.key == name }.map { "; it belongs below [\($0.section)]" }
        return "unknown key \(name) outside of any section" + (home ?? "")
    }

    private func unknownKey(_ key: String, in section: String) -> String {
        let start = "unknown key \(key) in [\(section)]"
        if let near = NearestName.of(key, among: Setting.all.filter { $0.section == section }.map(\.key)) {
            return start + suggestion(near)
        }
        if let elsewhere = Setting.all.first(where: { $0.key == key }) { return start + "; it belongs below [\(elsewhere.section)]" }
        return start
    }

    private func suggestion(_ name: String?) -> String {
        name.map { "; did you mean \($0)?" } ?? ""
    }

    private mutating func report(_ path: [KeyLocator.Step], _ message: String) {
        note(locator.place(of: path)?.key, message)
    }

    private mutating func note(_ position: Position?, _ message: String) {
        problems.append(SettingsProblem(file: file, position: position, message: message))
    }
}
